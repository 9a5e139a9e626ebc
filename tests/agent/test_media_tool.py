"""`generate_media` in the hands of a model."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import anyio
import jsonschema
import pytest

from massgen_stream.agent import Agent, MediaTool
from massgen_stream.backend import create_backend
from massgen_stream.errors import ConfigurationError, UnknownProvider
from massgen_stream.generation import generators
from massgen_stream.generation.vendors.replicate.job import PredictionJob
from massgen_stream.simulator import Simulator
from massgen_stream.stream_chunk.narrow import backend_status, content, done, error, media

from ..backend.fakes import ScriptedBackend, saying
from ..cli.commands import KEYS
from ..generation.fakes import PNG, instruments, maker, plain, yielding
from .fakes import call, calling, ran, read
from .test_media_guidance import OPERATIONS

pytestmark = pytest.mark.anyio
ALL_KEYS = dict.fromkeys(KEYS, "any-key")


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def local(folder: Path, **fixed: Any) -> MediaTool:
    return MediaTool(folder, environ={}, **fixed)


async def test_its_chunks_join_the_run_and_its_answer_says_where_things_are(tmp_path: Path) -> None:
    drawing = call("generate_media", prompt="a cat", mode="image", size="64x48")
    speaking = call("generate_media", "c2", prompt="Meow.", mode="audio", audio_type="speech")
    one = await ran([local(tmp_path)], calling(drawing, speaking), saying("There."))
    previews = [chunk for chunk in one.of("media") if chunk.partial_kind == "preview"]
    segments = [chunk for chunk in one.of("media") if chunk.partial_kind == "segment"]
    assert {chunk.source for chunk in previews} == {"generate_media"}
    assert {chunk.source for chunk in segments} == {"generate_media#2"}
    assert one.of("media_progress")
    finals = [chunk for chunk in one.of("media") if not chunk.is_partial]
    assert len({chunk.media_id for chunk in finals}) == 2
    (picture,), (sound,) = (json.loads(text)["media"] for text, _ in one.results if text is not None)
    assert picture.items() >= {"kind": "image", "mime_type": "image/png", "width": 64, "height": 48}.items()
    assert sound.items() >= {"kind": "audio", "mime_type": "audio/wav", "says": "Meow."}.items()
    assert sorted((told["path"], told["size_bytes"]) for told in (picture, sound)) == [
        (str(path), path.stat().st_size) for path in files(tmp_path)
    ]
    assert one.end.media_results is not None
    assert {result["media_id"] for result in one.end.media_results} == {picture["media_id"], sound["media_id"]}


async def test_what_a_model_gets_wrong_is_told(tmp_path: Path) -> None:
    asked: list[dict[str, Any]] = [
        {"prompt": "a cat", "mode": "image", "output_dir": "/"},
        {"prompt": "a cat", "mode": "image", "input_images": ["/etc/passwd"]},
        {"prompt": " ", "mode": "image"},
        {"prompt": "a cat", "mode": "smell"},
        {"prompt": "a cat", "mode": "video", "duration": 0},
    ]
    calls = [call("generate_media", f"c{number}", **arguments) for number, arguments in enumerate(asked)]
    one = await ran([local(tmp_path)], calling(*calls), saying("Sorry."))
    assert [is_error for _, is_error in one.results] == [True] * 5
    problems = [text or "" for text, _ in one.results]
    expected = [
        "wrong arguments: Object contains unknown field `output_dir`",
        "unknown field `input_images`",
        "prompt is empty",
        "Invalid enum value 'smell'",
        "duration must be",
    ]
    assert all(words in problem for words, problem in zip(expected, problems, strict=True))
    assert files(tmp_path) == []


async def test_an_id_by_which_it_goes_on_and_what_was_noted(tmp_path: Path) -> None:
    async def draw(order: Any, turn: Any) -> Any:
        yield backend_status("warning", detail="it is late")
        yield media("m", "image", media_data=b"\x89PNG\r\n\x1a\n", media_encoding="binary", continuation_id="fake_1")
        yield done("stop", usage={"output_tokens": 4}, usage_source="reported")

    tool = MediaTool(tmp_path, backend_type=maker("fake", draw), environ={})
    assert tool.parameters["properties"]["mode"]["enum"] == ["image"]
    one = await ran([tool], calling(call("generate_media", prompt="a", mode="image")), saying("There."))
    (answer,) = [json.loads(text) for text, _ in one.results if text is not None]
    assert answer["media"][0]["continuation_id"] == "fake_1"
    assert "it is late" in answer["notes"]
    assert one.end.usage == {"output_tokens": 4}


async def test_several_media_of_one_call(tmp_path: Path) -> None:
    async def draw(order: Any, turn: Any) -> Any:
        if order.before:
            raise ValueError("no ink")
        yield media(order.media_id(turn), "image", media_data=PNG, media_encoding="binary")

    tool = MediaTool(tmp_path, backend_type=maker("fake", draw, image=plain(most=1)), environ={}, max_retries=0)
    one = await ran([tool], calling(call("generate_media", prompt="a", mode="image", n=2)), saying("One of them."))
    ((text, is_error),) = one.results
    answer = json.loads(text or "")
    assert len(answer["media"]) == len(files(tmp_path)) == 1
    assert "no ink" in str(answer)
    assert is_error == ("error" in answer)
    assert {chunk.source for chunk in one.of("media")} == {"generate_media/1"}


@pytest.mark.parametrize(
    "arguments",
    [{"prompt": ["a", "b", "c", "d", "e"], "n": 2}, {"prompt": ["a"]}, {"n": 3}, {"extra_params": {"n": 5}}],
)
async def test_one_call_makes_no_more_than_it_may(tmp_path: Path, arguments: dict[str, Any]) -> None:
    tool = local(tmp_path, mode="image", most=2)
    one = await ran([tool], calling(call("generate_media", **{"prompt": "a", **arguments})), saying("Sorry."))
    assert [is_error for _, is_error in one.results] == [True]
    assert files(tmp_path) == []


@pytest.mark.parametrize("several", [False, True])
async def test_no_file_of_another_folder_is_sent(tmp_path: Path, several: bool) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(PNG)
    frame = {"image": str(secret), "timestamp": 0.0}
    async with Simulator() as sim:
        tool = MediaTool(tmp_path / "out", environ={}, backend_type="grok", api_key="any-key", base_url=sim.url("grok"))
        asked = call("generate_media", prompt="a", mode="video", keyframes=[frame] if several else frame)
        one = await ran([tool], calling(asked), saying("Sorry."))
        assert sim.requests == []
    ((problem, is_error),) = one.results
    assert is_error
    assert "wrong arguments: " in (problem or "")


@pytest.mark.parametrize(
    ("chunks", "problem"),
    [
        ([error("no luck", error_info={"kind": "server"}), done("error")], "no luck"),
        ([content("I will not draw this."), done("content_filter")], "I will not draw this."),
    ],
)
async def test_failures_are_told(tmp_path: Path, chunks: list[Any], problem: str) -> None:
    tool = MediaTool(tmp_path, backend_type=maker("fake", yielding(*chunks)), environ={}, max_retries=0)
    one = await ran([tool], calling(call("generate_media", prompt="a", mode="image")), saying("Sorry."))
    assert one.results == [(problem, problem == "no luck")]
    assert one.end.finish_reason == "stop"


def test_who_is_open_decides_what_is_offered(tmp_path: Path) -> None:
    closed, everybody = local(tmp_path), MediaTool(tmp_path, environ=ALL_KEYS)
    assert "backend" not in closed.parameters["properties"]
    assert {one.operation for one in closed.examples} == {"generate", "video", "speech", "music"}
    assert set(everybody.parameters["properties"]["backend"]["enum"]) == {one.name for one in generators()}
    assert set(everybody.parameters["properties"]) > set(closed.parameters["properties"])
    for tool in (closed, everybody):
        jsonschema.Draft202012Validator.check_schema(dict(tool.parameters))
        for example in tool.examples:
            jsonschema.validate(dict(example.arguments), dict(tool.parameters))
        assert len(tool.description) < 1024  # OpenAI's limit for the description of a function
    assert {one.operation for one in everybody.examples} >= OPERATIONS


def test_what_is_fixed_is_not_offered(tmp_path: Path) -> None:
    tool = local(tmp_path, backend_type="local", mode="audio", voice="en", name="speak")
    assert tool.name == "speak"
    assert not {"backend", "voice", "mode"} & set(tool.parameters["properties"])
    assert tool.parameters["required"] == ["prompt"]
    assert tool.description.startswith("Make speech, music or a sound and save it")


async def test_what_is_fixed_holds(tmp_path: Path) -> None:
    tool = local(tmp_path, mode="image", size="32x32")
    one = await ran([tool], calling(call("generate_media", prompt="a")), saying("There."))
    (answer,) = [json.loads(text) for text, _ in one.results if text is not None]
    assert answer["media"][0]["width"] == 32


def test_nobody_to_ask(tmp_path: Path) -> None:
    with pytest.raises(UnknownProvider):
        local(tmp_path, backend_type="nobody")
    with pytest.raises(ConfigurationError, match="no generator can be used; set a key"):
        local(tmp_path, backend_type="openai")


@pytest.mark.parametrize("provider", ["openai", "claude", "gemini", "grok", "chatcompletion"])
async def test_the_simulated_model_of_every_wire_calls_it(tmp_path: Path, provider: str) -> None:
    async with Simulator() as sim:
        backend = create_backend(provider, base_url=sim.url(provider), api_key="any-key")
        async with backend:
            agent = Agent(backend, [local(tmp_path)])
            chunks = await read(agent.run("draw a lighthouse and read me a line about it"))
    assert sorted(path.suffix for path in files(tmp_path)) == [".png", ".wav"]
    told: Any = [chunk for chunk in chunks if chunk.type == "content" and chunk.source is None]
    text = "".join(chunk.content for chunk in told)
    assert text.startswith("Let me draw a lighthouse and say: “The tide turns a page")
    assert all(path.name in text for path in files(tmp_path))


def test_who_is_not_installed_is_not_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("massgen_stream.backend.requirements._installed", lambda library: library != "xai_sdk")
    tool = MediaTool(tmp_path, environ=ALL_KEYS)
    assert "grok" not in tool.parameters["properties"]["backend"]["enum"]
    assert "openai" in tool.parameters["properties"]["backend"]["enum"]
    assert MediaTool(tmp_path, environ=ALL_KEYS, backend_type="grok").parameters["properties"]


def test_the_local_engine_offers_what_it_makes(tmp_path: Path) -> None:
    properties = local(tmp_path).parameters["properties"]
    assert properties["audio_type"]["enum"] == ["music", "sound_effect", "speech"]
    assert properties["output_format"]["enum"] == ["jpeg", "mp4", "png", "wav", "webp"]


async def test_a_disconnected_run_ends_the_job_of_its_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, cancel = asyncio.Event(), PredictionJob.cancel

    async def sleep(_: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    async def slowly(*given: Any) -> None:
        await asyncio.sleep(0.01)
        await cancel(*given)

    monkeypatch.setattr(PredictionJob, "cancel", slowly)
    async with Simulator() as sim, anyio.create_task_group() as group:
        opened: Any = {
            "backend_type": "replicate",
            "api_key": "any-key",
            "base_url": sim.url("replicate"),
            "environ": {},
        }
        tool = MediaTool(tmp_path, mode="video", instruments=instruments()._replace(sleep=sleep), **opened)
        asked = calling(call("generate_media", prompt="a"))
        group.start_soon(read, Agent(ScriptedBackend(asked, saying("never")), [tool]).run("Hello"))
        await asyncio.wait_for(waiting.wait(), 5)
        group.cancel_scope.cancel()
    assert sim.requests[-1].path.endswith("/cancel")
    assert files(tmp_path) == []
