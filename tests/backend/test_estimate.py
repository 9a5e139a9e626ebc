from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from massgen_stream.backend.estimate import characters, tokens, with_estimate
from massgen_stream.errors import TransportError
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import complete_message, content, done, error, reasoning, start, tool_call_delta
from massgen_stream.stream_chunk.narrow import usage as usage_report

from .fakes import ScriptedBackend, hanging, raising, saying, yielding
from .reading import HELLO, read

BROKEN = TransportError("the connection broke")
SAID = complete_message({"role": "assistant", "content": [{"type": "text", "text": "x" * 40}]})


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (1, 1), (4, 1), (5, 2), (400, 100)])
def test_four_characters_are_a_token(count: int, expected: int) -> None:
    assert tokens(count) == expected


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("four", 4),
        ([{"role": "user", "content": "12345"}], 5),
        ([{"role": "user", "content": [{"type": "text", "text": "123"}, {"type": "image", "base64": "AAAA"}]}], 3),
        ({"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}, 0),
        ({"name": "add", "description": "Adds.", "parameters": {"properties": {"a": {"description": "12"}}}}, 10),
        ({"id": "call-1", "name": "f", "arguments": "{}", "provider_data": {"signature": "zzzz"}}, 3),
        ((None, 5, 1.5, True, b"bytes"), 0),
    ],
)
def test_only_what_a_model_reads_is_counted(value: Any, count: int) -> None:
    assert characters(value) == count


def test_a_deep_structure_is_no_problem() -> None:
    deep: Any = "x"
    for _ in range(5000):
        deep = [deep]
    assert characters(deep) == 1


@pytest.mark.parametrize("reason", ["cancelled", "incomplete", "error"])
def test_a_stream_that_broke_off_is_estimated(reason: str) -> None:
    stamped = replace(done(reason), sequence_number=7)
    last = with_estimate([SAID, stamped], lambda: 100)[-1]
    assert last == replace(
        stamped,
        usage={
            "input_tokens": 25,
            "output_tokens": 10,
            "total_tokens": 35,
            "all_input_tokens": 25,
            "all_output_tokens": 10,
        },
        usage_source="estimated",
    )


@pytest.mark.parametrize(
    "ending",
    [
        [],
        [SAID],
        [SAID, done("stop")],
        [SAID, done("incomplete", usage={"input_tokens": 1}, usage_source="reported")],
    ],
)
def test_others_are_left_alone_and_nothing_is_counted(ending: list[BaseStreamChunk]) -> None:
    def asked() -> int:
        raise AssertionError("counted in vain")

    assert with_estimate(ending, asked) == ending


pieces: list[BaseStreamChunk] = [
    start(),
    reasoning("r" * 8),
    content("c" * 8),
    tool_call_delta("call-1", '{"a": 1}', tool_name="look"),
]


@pytest.mark.anyio
async def test_a_cut_stream_tells_what_it_may_have_cost() -> None:
    tool = {"name": "look", "description": "x" * 12}
    stream = ScriptedBackend(raising(BROKEN, *pieces)).stream_with_tools(iter(HELLO), iter([tool]))
    last = (await read(stream))[-1]
    assert (last.finish_reason, last.usage_source) == ("incomplete", "estimated")
    assert last.usage is not None
    assert last.usage["input_tokens"] == tokens(len("hello") + len("look") + 12)
    assert last.usage["output_tokens"] == tokens(8 + 8 + 8 + len("look"))


@pytest.mark.anyio
async def test_a_cancelled_stream_too() -> None:
    stream = ScriptedBackend(hanging(start(), content("c" * 8))).stream_with_tools(HELLO)
    chunks = []
    async for chunk in stream:
        chunks.append(chunk)
        if chunk.type == "content":
            stream.cancel()
    assert getattr(chunks[-1], "usage_source", None) == "estimated"


SILENT: dict[str, Callable[[], ScriptedBackend]] = {
    "nothing was said": lambda: ScriptedBackend(raising(BROKEN), max_retries=0),
    "its server tells none": lambda: ScriptedBackend(saying("a")),
}


@pytest.mark.anyio
@pytest.mark.parametrize("backend", SILENT.values(), ids=SILENT.keys())
async def test_what_is_not_estimated(backend: Callable[[], ScriptedBackend]) -> None:
    last = (await read(backend().stream_with_tools(HELLO)))[-1]
    assert (last.usage, last.usage_source) == (None, "none")


@pytest.mark.anyio
async def test_a_report_wins() -> None:
    script = raising(BROKEN, start(), usage_report({"input_tokens": 7}), content("a"))
    last = (await read(ScriptedBackend(script).stream_with_tools(HELLO)))[-1]
    assert (last.usage, last.usage_source) == ({"input_tokens": 7}, "reported")


@pytest.mark.anyio
async def test_a_vendor_that_broke_off_by_itself() -> None:
    failed = yielding(start(), content("a"), error("down"), done("error"))
    last = (await read(ScriptedBackend(failed).stream_with_tools(HELLO)))[-1]
    assert last.usage_source == "estimated"
