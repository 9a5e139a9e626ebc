"""`collect_media`: the result alone, and no exception for what is not the caller's fault."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from massgen_stream.errors import ProviderError
from massgen_stream.generation import collect_media
from massgen_stream.generation.collecting import result_of
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import backend_status, content, done

from .fakes import PNG, maker, plain, raising, segments, whole, yielding

pytestmark = pytest.mark.anyio


async def test_what_came(tmp_path: Path) -> None:
    made = maker("fake", yielding(content("A tower."), whole(continuation_id="fake_1"), whole(media_id="n")))
    result = await collect_media("a", "image", backend_type=made, environ={}, output_path=tmp_path / "a.png", seed=3)
    assert result.success
    assert (result.error, result.backend_name, result.model_used) == (None, "fake", "fake-1")
    assert (result.output_path, result.file_size_bytes) == (tmp_path / "a.png", len(PNG))
    assert (result.media_type, result.continuation_id, result.data) == ("image", "fake_1", None)
    assert [Path(one["path"]).name for one in result.metadata["media_results"]] == ["a.png", "a-2.png"]
    assert result.metadata["text"] == "A tower."
    assert result.metadata["notes"] == ["fake: seed is left out, since it has no such option"]
    assert repr(result) == f"GenerationResult(success=True, backend_name='fake', output_path='{tmp_path / 'a.png'}')"


async def test_the_bytes_where_no_place_was_named() -> None:
    for script in (yielding(whole()), yielding(*segments(PNG[:30], PNG[30:]))):
        result = await collect_media("a", backend_type=maker("fake", script), environ={})
        assert (result.success, result.data, result.output_path) == (True, PNG, None)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"backend_type": "nobody"}, "unknown provider"),
        ({"backend_type": maker("fake", key=True)}, "fake needs an API key; set FAKE_KEY"),
        ({"backend_type": maker("fake"), "mode": "video"}, "there is no generator of video"),
        ({"prompt": ""}, "prompt is empty"),
        ({"colour": "red"}, "no option is called colour"),
    ],
)
async def test_nothing_of_a_user_or_a_key_is_raised(options: dict[str, object], said: str) -> None:
    result = await collect_media(**{"prompt": "a", "environ": {}, **options})
    assert (result.success, result.output_path) == (False, None)
    assert said in str(result.error)
    assert result.media_type == options.get("mode", "image")


async def test_nothing_of_a_vendor_is_raised() -> None:
    refused = ProviderError("no such model", kind="not_found", status=404)
    result = await collect_media("a", backend_type=maker("fake", raising(refused)), environ={})
    assert result.media_type == "image"
    assert (result.success, result.error, result.metadata["finish_reason"]) == (False, "no such model", "error")
    assert result.backend_name == "fake"


async def test_a_refusal_in_words() -> None:
    script = yielding(content("I cannot draw this."), done("content_filter"))
    result = await collect_media("a", backend_type=maker("fake", script), environ={})
    assert (result.success, result.error) == (False, "I cannot draw this.")


async def test_a_stream_without_an_end() -> None:
    async def chunks() -> AsyncGenerator[BaseStreamChunk, None]:
        yield backend_status("info", detail="x")

    result = await result_of(chunks())
    assert (result.success, result.error) == (False, "the stream ended with incomplete")


async def test_a_warning_is_no_failure() -> None:
    made = maker(
        "fake", yielding(whole(b"RIFF\x12\0\0\0WEBPVP8 \0\0 no picture", "image/webp")), image=plain(warning="old")
    )
    result = await collect_media("a", backend_type=made, environ={})
    assert result.success
    assert result.metadata["notes"][0] == "old"
    assert "the medium" in result.metadata["notes"][1]
