"""Jobs that are taken up again: nothing is begun a second time."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.errors import ConfigurationError, MissingKey, UnknownProvider
from massgen_stream.generation import collect_media, resume_media
from massgen_stream.generation.collecting import result_of
from massgen_stream.media.atomic_file import AtomicFile
from massgen_stream.simulator import Simulator
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk

from .fakes import instruments
from .grok import KEY, made
from .reading import finals, names, read

pytestmark = pytest.mark.anyio
HANDLE = {
    "provider": "grok",
    "generator": "GrokVideos",
    "media_type": "video",
    "model": "m-1",
    "media_id": "abc-video-1",
    "id": "job-1",
}


async def left_after_the_handle(sim: Simulator) -> dict[str, Any]:
    async with made(sim, mode="video") as stream:
        async for chunk in stream:
            if isinstance(chunk, MultimodalStreamChunk) and chunk.job is not None:
                return chunk.job
    raise AssertionError("no handle came")


@pytest.mark.parametrize("as_text", [False, True])
async def test_a_job_goes_on_where_it_is(tmp_path: Path, *, as_text: bool) -> None:
    async with Simulator() as sim:
        handle = await left_after_the_handle(sim)
        again = resume_media(
            json.dumps(handle) if as_text else handle,
            output_path=tmp_path / "film.mp4",
            api_key=KEY,
            base_url=sim.url("grok"),
            environ={},
            instruments=instruments(),
        )
        chunks = await read(again)
    begun = [one for one in sim.requests if one.path.endswith("GenerateVideo")]
    final = finals(chunks)[0]
    assert (len(begun), chunks[-1].finish_reason, final.media_id) == (1, "stop", handle["media_id"])
    assert (tmp_path / "film.mp4").stat().st_size == final.media_metadata.size_bytes


def place_of(sim: Simulator, folder: Path) -> dict[str, Any]:
    return {"api_key": KEY, "base_url": sim.url("grok"), "output_dir": folder, "instruments": instruments()}


def begun(sim: Simulator) -> int:
    return sum(one.path.endswith("GenerateVideo") for one in sim.requests)


@pytest.mark.parametrize("fault", ["403", "html;code=200"])
async def test_a_medium_that_cannot_be_fetched_is_fetched_later(tmp_path: Path, fault: str) -> None:
    async with Simulator(faults=[*[None] * 6, fault]) as sim:
        place = place_of(sim, tmp_path)
        result = await collect_media("waves", "video", backend_type="grok", **place)
        assert (result.success, names(tmp_path)) == (False, [])
        (job,) = result.metadata["jobs"]
        again = await result_of(resume_media(job, **place))
        assert (again.success, again.metadata.get("jobs"), begun(sim)) == (True, None, 1)
        assert again.output_path is not None


async def test_a_medium_for_which_there_was_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async with Simulator() as sim:
        place = place_of(sim, tmp_path)
        with monkeypatch.context() as patch:
            patch.setattr(AtomicFile, "_written", full)
            result = await collect_media("waves", "video", backend_type="grok", **place)
        assert "No space left on device" in (result.error or "")
        again = await result_of(resume_media(result.metadata["jobs"][0], **place))
        assert (again.success, begun(sim), len(names(tmp_path))) == (True, 1, 1)


@pytest.mark.parametrize(
    ("handle", "error", "message"),
    [
        ({**HANDLE, "provider": "nobody"}, UnknownProvider, "nobody"),
        ({**HANDLE, "generator": "GrokImages"}, ConfigurationError, "has no jobs of video"),
        ({**HANDLE, "generator": "Gone"}, ConfigurationError, "no generator Gone that could go on"),
        ({**HANDLE, "media_type": "smell"}, ConfigurationError, "media_type is missing"),
        ({"id": "job-1"}, ConfigurationError, "provider, generator, media_type, model, media_id is missing"),
        ({name: HANDLE[name] for name in HANDLE if name != "id"}, ConfigurationError, "no job handle: id is missing"),
        ({**HANDLE, "cancelled": True}, ConfigurationError, "the job was cancelled, and nothing comes of it any more"),
        (None, ConfigurationError, "no job handle, but 'None'; only chunks with a `job` have one"),
        ([], ConfigurationError, "no job handle"),
        (5, ConfigurationError, "no job handle"),
        ("{", ConfigurationError, "no job handle, but '{'"),
        ("[]", ConfigurationError, "no job handle"),
    ],
)
def test_handles_that_are_none(handle: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        resume_media(handle, api_key=KEY, environ={})


def test_a_key_is_needed_again() -> None:
    with pytest.raises(MissingKey, match="XAI_API_KEY"):
        resume_media(HANDLE, environ={})


def test_what_is_made_cannot_be_changed() -> None:
    with pytest.raises(ConfigurationError, match="no option is called seed; what is made was said when the job began"):
        resume_media(HANDLE, api_key=KEY, environ={}, seed=1)
