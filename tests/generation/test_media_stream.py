"""`generate_media`: what is refused at the call, and the stream that comes of it."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.backend import Turn
from massgen_stream.errors import ConfigurationError, MediaError, MissingExtra, MissingKey, TransportError
from massgen_stream.generation import GenerationConfig, Order, OutputFormat, explain_media, generate_media
from massgen_stream.generation.generator import Generator
from massgen_stream.media.atomic_file import AtomicFile
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import backend_status, done, error, media_progress, start

from .fakes import PNG, hanging, instruments, maker, plain, raising, segments, whole, yielding
from .reading import data, details, finals, names, of_type, read, stored

pytestmark = pytest.mark.anyio


def stream(made: type[Generator], **options: Any) -> Any:
    given = {"prompt": "a lighthouse", "environ": {}, "instruments": instruments(), **options}
    return generate_media(backend_type=made, **given)


async def test_a_picture_and_its_file(tmp_path: Path) -> None:
    chunks = await read(stream(maker("fake", yielding(whole())), output_path=tmp_path / "new" / "a.png"))
    assert [str(chunk.type) for chunk in chunks] == ["start", "media", "complete_message", "done"]
    assert (chunks[0].provider, chunks[0].model) == ("fake", "fake-1")
    (final,) = finals(chunks)
    metadata = final.media_metadata
    assert (metadata.mime_type, metadata.width, metadata.height, metadata.size_bytes) == ("image/png", 1, 1, len(PNG))
    assert final.path == str(tmp_path / "new" / "a.png")
    assert stored(final.path) == PNG == final.media_data
    (result,) = chunks[-1].media_results
    assert (result["path"], result["size_bytes"], result["checksum"]) == (final.path, len(PNG), metadata.checksum)
    assert chunks[-1].finish_reason == "stop"
    assert names(tmp_path) == ["a.png"]


async def test_segments_without_a_final(tmp_path: Path) -> None:
    pieces = segments(PNG[:20], PNG[20:40], PNG[40:])
    chunks = await read(stream(maker("fake", yielding(*pieces)), output_dir=tmp_path))
    (final,) = finals(chunks)
    assert final.media_data is None
    assert (final.media_metadata.width, final.media_metadata.size_bytes) == (1, len(PNG))
    assert stored(final.path) == PNG == data(chunks)
    assert names(tmp_path) == ["a-lighthouse-stream-1.png"]


async def test_without_a_place_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for script in (yielding(whole()), yielding(*segments(PNG[:9], PNG[9:]))):
        chunks = await read(stream(maker("fake", script)))
        assert finals(chunks)[0].path is None
        assert data(chunks) == PNG
    assert names(tmp_path) == []


async def test_several_media_get_names_of_their_own(tmp_path: Path) -> None:
    script = yielding(whole(media_id="a"), *segments(PNG, media_id="b"), whole(media_id="c"))
    chunks = await read(stream(maker("fake", script), output_path=str(tmp_path / "a.png")))
    assert names(tmp_path) == ["a-2.png", "a-3.png", "a.png"]
    assert [Path(result["path"]).name for result in chunks[-1].media_results] == ["a.png", "a-2.png", "a-3.png"]


async def test_what_breaks_before_anything_is_seen_is_tried_again(tmp_path: Path) -> None:
    broken = TransportError("the connection broke")
    made = maker("fake", raising(broken, start()), yielding(whole()))
    chunks = await read(stream(made, output_dir=tmp_path))
    assert [str(chunk.type) for chunk in chunks][:4] == ["start", "backend_status", "start", "media"]
    assert details(chunks, "retry") == ["attempt 2 of 3 in 0.5 s: the connection broke"]
    assert len(names(tmp_path)) == 1


async def test_a_job_that_has_begun_is_not_begun_again(tmp_path: Path) -> None:
    broken = TransportError("the connection broke")
    made = maker("fake", raising(broken, media_progress("m", stage="queued"), *segments(PNG[:30])))
    chunks = await read(stream(made, output_path=tmp_path / "a.png"))
    assert len(made.attempts) == 1  # type: ignore[attr-defined]
    assert chunks[-1].finish_reason == "incomplete"
    assert of_type(chunks, "error")[0].error_info["kind"] == "transport"
    assert chunks[-1].usage is None
    assert names(tmp_path) == []


async def test_no_stream_is_taken_up_in_the_middle_of_a_file(tmp_path: Path) -> None:
    class Resumable:
        def feed(self, _: bytes, /) -> list[BaseStreamChunk]:
            return []

        def close(self) -> list[BaseStreamChunk]:
            return []

        def resume(self) -> None: ...

    async def script(order: Order, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        turn.use(Resumable())
        turn.cursor = lambda: "here"
        for chunk in segments(PNG[:30]):
            yield chunk
        raise TransportError("the connection broke")

    made = maker("fake", script)
    chunks = await read(stream(made, output_path=tmp_path / "a.png"))
    assert (len(made.attempts), chunks[-1].finish_reason, names(tmp_path)) == (1, "incomplete", [])  # type: ignore[attr-defined]


@pytest.mark.parametrize("leave", ["cancel", "break", "task"])
async def test_leaving_leaves_no_file(tmp_path: Path, leave: str) -> None:
    (tmp_path / "a.png").write_bytes(b"old")
    made = stream(maker("fake", hanging(*segments(PNG[:30]))), output_path=tmp_path / "a.png")
    chunks, seen = [], asyncio.Event()

    async def reader() -> None:
        async with made:
            async for chunk in made:
                chunks.append(chunk)
                if chunk.type == "media":
                    seen.set()
                if chunk.type == "media" and leave == "break":
                    break
                if chunk.type == "media" and leave == "cancel":
                    made.cancel()

    task = asyncio.create_task(reader())
    await seen.wait()
    if leave == "task":
        task.cancel()
    await asyncio.wait([task])
    assert names(tmp_path) == ["a.png"]
    assert stored(tmp_path / "a.png") == b"old"
    if leave == "cancel":
        assert chunks[-1].finish_reason == "cancelled"


async def test_a_folder_that_cannot_be_made_is_an_error_chunk(tmp_path: Path) -> None:
    made = stream(maker("fake", yielding(whole())), output_path=tmp_path / "file" / "new" / "a.png")
    (tmp_path / "file").write_bytes(b"")  # a look at the call could not tell
    chunks = await read(made)
    assert chunks[-1].finish_reason == "error"
    (problem,) = of_type(chunks, "error")
    assert problem.error.startswith("cannot make the folder")
    assert (problem.error_info["kind"], problem.error_info["provider"]) == ("media", "fake")


@pytest.mark.parametrize("script", [yielding(whole()), yielding(*segments(PNG[:30], PNG[30:]))])
async def test_a_full_disk_is_an_error_chunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: Any) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(AtomicFile, "_written", full)
    chunks = await read(stream(maker("fake", script), output_dir=tmp_path))
    assert chunks[-1].finish_reason == "error"
    assert "No space left on device" in of_type(chunks, "error")[0].error
    assert names(tmp_path) == []


async def test_nothing_came() -> None:
    chunks = await read(stream(maker("fake", yielding(start()))))
    (problem,) = of_type(chunks, "error")
    assert (problem.error, problem.error_info["kind"]) == ("the generator ended without a medium", "media")
    assert chunks[-1].finish_reason == "error"


async def test_an_end_of_the_authors_own_counts() -> None:
    chunks = await read(stream(maker("fake", yielding(*segments(PNG), done("content_filter")))))
    assert len(finals(chunks)) == 1
    assert chunks[-1].finish_reason == "content_filter"


@pytest.mark.parametrize("reason", ["error", "incomplete"])
async def test_what_the_author_says_was_cut_is_not_finished(tmp_path: Path, reason: str) -> None:
    script = yielding(*segments(PNG), error("it broke", error_info={"kind": "server"}), done(reason))
    chunks = await read(stream(maker("fake", script), output_dir=tmp_path))
    assert (finals(chunks), names(tmp_path), chunks[-1].finish_reason) == ([], [], reason)


async def test_losses_and_warnings_come_first() -> None:
    made = maker("fake", yielding(whole()), image=plain(warning="this host closes soon"))
    chunks = await read(stream(made, seed=3, quality="hd"))
    assert [str(chunk.type) for chunk in chunks][:5] == ["start", *["backend_status"] * 3, "media"]
    assert details(chunks, "warning") == ["this host closes soon"]
    assert details(chunks, "loss")[0] == "fake: quality is left out, since it has no such option"
    ((order, _),) = made.attempts  # type: ignore[attr-defined]
    assert order.config.given() == {}


@pytest.mark.parametrize(("model", "said"), [("old-1", ["model old-1: shut down on a day"]), (None, [])])
async def test_the_end_of_a_model_is_told_first(model: str | None, said: list[str]) -> None:
    made = maker("fake", yielding(whole()), image=plain(retired={"old-*": "shut down on a day"}))
    chunks = await read(stream(made, model=model))
    assert details(chunks[:2], "warning") == said


async def test_the_mask_wins_over_a_continuation(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    offer = plain(options=frozenset({"input_images", "mask_path"}), continuation="fake")
    made = maker("fake", yielding(whole()), image=offer)
    place = tmp_path / "a.png"
    chunks = await read(stream(made, input_images=place, mask_path=place, continue_from="fake_1"))
    assert details(chunks, "loss")[0].startswith("mask_path and continue_from are both given; the mask counts")
    with pytest.raises(ConfigurationError, match="give one of them"):
        stream(made, input_images=place, mask_path=place, continue_from="fake_1", policy="strict")
    assert made.attempts[0][0].config.continue_from is None  # type: ignore[attr-defined]


async def test_keys_and_addresses_reach_the_author_and_no_chunk() -> None:
    broken = TransportError("refused sk-secret-key-123", retryable=False)
    made = maker("fake", raising(broken), key=True)
    chunks = await read(stream(made, environ={"FAKE_KEY": "sk-secret-key-123", "FAKE_URL": "http://127.0.0.1:1"}))
    ((order, _),) = made.attempts  # type: ignore[attr-defined]
    assert (order.account.api_key, order.account.base_url) == ("sk-secret-key-123", "http://127.0.0.1:1")
    assert "sk-secret" not in repr(chunks)


async def test_limits_are_limits() -> None:
    chunks = await read(
        stream(maker("fake", hanging(start())), total_timeout=0.05, source="painter", read_timeout=None)
    )
    assert of_type(chunks, "error")[0].error_info["code"] == "total_timeout"
    assert {chunk.source for chunk in chunks} == {"painter"}


def test_misuse_is_raised_at_the_call(tmp_path: Path) -> None:
    made = maker("fake", yielding(whole()), key=True, image=plain(options=frozenset({"input_images"})))
    with pytest.raises(MissingKey, match="fake needs an API key; set FAKE_KEY"):
        stream(made)
    refused: list[tuple[type[Exception], str, dict[str, Any]]] = [
        (ConfigurationError, "no option is called colour", {"colour": "red"}),
        (ConfigurationError, "is a folder; name a file", {"output_path": tmp_path}),
        (ConfigurationError, "seed stand beside a whole config", {"config": GenerationConfig(prompt="a"), "seed": 3}),
        (ConfigurationError, "it does not know seed", {"seed": 3, "policy": "strict"}),
        (ConfigurationError, "policy 'rude' is not one of", {"policy": "rude"}),
        (ConfigurationError, "total_timeout must be", {"total_timeout": -1}),
        (MediaError, r"input_images\[0\]: cannot read .*missing.png", {"input_images": tmp_path / "missing.png"}),
    ]
    for kind, said, options in refused:
        with pytest.raises(kind, match=said):
            stream(made, api_key="k", **({"prompt": None} if "config" in options else {}), **options)
    with pytest.raises(ConfigurationError, match="name it with backend_type"):
        generate_media("a", api_key="k", environ={})


def test_a_library_that_is_not_there_is_named() -> None:
    made = maker("fake", yielding(whole()))
    made.libraries = {"a_library_that_nobody_has": "media"}
    with pytest.raises(MissingExtra, match=r"massgen-stream\[media\]"):
        stream(made)


async def test_a_whole_config_and_a_stream_that_is_awaited() -> None:
    made = maker("fake", yielding(whole(), backend_status("info", detail="x")))
    config = GenerationConfig(prompt="a", backend="fake")
    with pytest.raises(ConfigurationError, match="stand beside"):
        generate_media(config=config, backend_type=made)
    chunks = await read(await generate_media(prompt="a", backend_type=made, environ={}))
    assert chunks[0].stream_id


def test_the_choice_can_be_explained() -> None:
    lines = explain_media(mode="image", backend_type="local", environ={}, quality="hd")
    assert "local: chosen, with sketch; quality is left out, since it has no such option" in lines
    config = GenerationConfig(prompt="a", backend="local", quality="hd")
    assert explain_media(config=config, environ={}) == lines


@pytest.mark.parametrize(
    ("name", "given", "form"),
    [
        ("a.jpg", None, "jpeg"),
        ("a.JPEG", None, "jpeg"),
        ("a.webp", None, "webp"),
        ("a.webp", "png", "png"),
        ("a.png", None, None),
        ("a.tiff", None, None),
        ("a", None, None),
    ],
)
async def test_the_name_of_the_file_says_the_format(
    tmp_path: Path, name: str, given: str | None, form: str | None
) -> None:
    offer = plain(options=frozenset({"output_format"}), formats=tuple(map(OutputFormat, ("png", "jpeg", "webp"))))
    made: Any = maker("fake", yielding(whole()), image=offer)
    await read(generate_media("a", backend_type=made, environ={}, output_path=tmp_path / name, output_format=given))
    assert made.attempts[0][0].config.output_format == form


async def test_ogg_asks_for_opus(tmp_path: Path) -> None:
    offer = plain(options=frozenset({"output_format"}), formats=(OutputFormat.MP3, OutputFormat.OPUS))
    made: Any = maker("fake", yielding(whole()), audio=offer)
    await read(generate_media("a", "audio", backend_type=made, environ={}, output_path=tmp_path / "a.ogg"))
    assert made.attempts[0][0].config.output_format == "opus"


async def test_a_name_says_nothing_to_who_has_one_format(tmp_path: Path) -> None:
    made: Any = maker("fake", yielding(whole()))
    await read(generate_media("a", backend_type=made, environ={}, output_path=tmp_path / "a.jpg"))
    assert made.attempts[0][0].config.output_format is None
