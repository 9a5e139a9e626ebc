"""Jobs that are taken up again: nothing is begun a second time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.errors import ConfigurationError, MissingKey, UnknownProvider
from massgen_stream.generation import resume_media
from massgen_stream.simulator import Simulator
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk

from .fakes import instruments
from .grok import KEY, made
from .reading import finals, read

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


@pytest.mark.parametrize(
    ("handle", "error", "message"),
    [
        ({**HANDLE, "provider": "nobody"}, UnknownProvider, "nobody"),
        ({**HANDLE, "generator": "GrokImages"}, ConfigurationError, "has no jobs of video"),
        ({**HANDLE, "generator": "Gone"}, ConfigurationError, "no generator Gone that could go on"),
        ({**HANDLE, "media_type": "smell"}, ConfigurationError, "media_type is missing"),
        ({"id": "job-1"}, ConfigurationError, "provider, generator, media_type, model, media_id is missing"),
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
