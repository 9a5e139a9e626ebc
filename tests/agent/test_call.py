"""One call: what a model gets told when something is wrong with it, and what its answer may hold."""

from __future__ import annotations

import asyncio

import pytest

from massgen_stream.agent import ToolOutput

from .fakes import call, called

pytestmark = pytest.mark.anyio


async def test_what_is_wrong_is_told_to_the_model() -> None:
    def double(number: int) -> int:
        """Double it."""
        return number * 2

    asked = [
        call("nobody"),
        call("double", "c2"),
        call("double", "c3", number="four"),
        call("double", "c4", number=1, colour="red"),
        {"id": "c5", "name": "double", "arguments": "[1]", "kind": "function"},
        {"id": "c6", "name": "double", "arguments": "one", "kind": "custom"},
    ]
    came = await called(double, calls=asked)
    assert [text for text, _ in came.results] == [
        "there is no tool called 'nobody'; there are: double",
        "wrong arguments for double: Object missing required field `number`",
        "wrong arguments for double: Expected `int`, got `str` - at `$.number`",
        "wrong arguments for double: Object contains unknown field `colour`",
        "the arguments must be a JSON object, not [1]; call double again",
        "the arguments are not JSON: Expecting value: line 1 column 1 (char 0); call double again",
    ]
    assert all(is_error for _, is_error in came.results)
    assert [answer["is_error"] for answer in came.answers] == [True] * 6
    failed = [chunk.detail for chunk in came.of("custom_tool_status") if chunk.status == "failed"]
    assert failed[0] == "nobody: there is no tool called 'nobody'; there are: double"


async def test_no_answer_holds_a_key() -> None:
    async def leak() -> None:
        """Leak."""
        raise RuntimeError("401 for sk-proj-0123456789abcdef")

    came = await called(leak)
    assert came.results == [("RuntimeError: 401 for ***", True)]
    assert "0123456789" not in repr(came.chunks) + repr(came.stream.messages)


async def test_no_answer_holds_what_the_environment_hides(monkeypatch: pytest.MonkeyPatch) -> None:
    async def leak() -> None:
        """Leak."""
        raise RuntimeError("401 for d41d8cd98f00b204 at localhost")

    monkeypatch.setenv("SPEECH_API_KEY", "d41d8cd98f00b204")
    monkeypatch.setenv("DOOR_KEY", "local")
    came = await called(leak)
    assert came.results == [("RuntimeError: 401 for *** at localhost", True)]


@pytest.mark.parametrize("leaving", [SystemExit(3), StopIteration("x"), KeyError("k"), RecursionError()])
@pytest.mark.parametrize("in_loop", [True, False])
async def test_whatever_is_raised_is_an_answer(leaving: BaseException, in_loop: bool) -> None:
    def sync() -> None:
        """Leave."""
        raise leaving

    async def loop() -> None:
        """Leave."""
        raise leaving

    (result,) = (await called(loop if in_loop else sync)).results
    assert result[1]
    assert (result[0] or "").startswith((type(leaving).__name__, "RuntimeError"))


async def test_a_call_that_takes_too_long() -> None:
    async def wait() -> None:
        """Wait for ever."""
        await asyncio.Event().wait()

    came = await called(wait, tool_timeout=0.01)
    assert came.results == [("wait took longer than tool_timeout (0.01 s)", True)]
    assert came.end.finish_reason == "stop"


async def test_media_go_to_the_model_as_parts() -> None:
    picture = {"type": "image", "data": b"\x89PNG", "mime_type": "image/png"}

    def look() -> ToolOutput:
        """Look."""
        return ToolOutput([{"type": "text", "text": "There:"}, picture])

    came = await called(look)
    (result,) = came.of("tool_result")
    assert (result.content, result.attachments) == ("There:", [picture])
    assert came.answers[0]["content"] == [{"type": "text", "text": "There:"}, picture]
