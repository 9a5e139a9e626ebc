"""xAI's images, against the simulator: what is sent is what xAI's SDK sends."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.errors import ConfigurationError, MediaError, MissingKey
from massgen_stream.generation import collect_media, explain_media, generate_media
from massgen_stream.generation.continuations import Continuations
from massgen_stream.generation.registry import BACKEND_API_KEYS, DEFAULT_MODELS
from massgen_stream.media.probing import probe
from massgen_stream.simulator import Simulator
from massgen_stream.simulator.vendors.grok import imagining
from massgen_stream.stream_chunk.kinds import MediaType

from ....simulator.polling import until
from ...fakes import PNG, instruments
from ...grok import KEY, made, sdk
from ...reading import details, finals, names, of_type, read, stored

pytestmark = pytest.mark.anyio
MODEL = "grok-imagine-image-2.0"
URL = "https://example.org/a.png"


async def failed(faults: Any = None, **options: Any) -> tuple[Any, Simulator]:
    """Return the error that a stream ends with."""
    async with Simulator(faults=faults) as sim:
        chunks = await read(made(sim, **options))
    (error,) = of_type(chunks, "error")
    assert finals(chunks) == []
    assert KEY not in repr(chunks)
    return error, sim


def test_it_is_registered() -> None:
    assert BACKEND_API_KEYS["grok"] == ("XAI_API_KEY",)
    assert DEFAULT_MODELS["grok"][MediaType.IMAGE] == MODEL
    (line,) = (line for line in explain_media(environ={"XAI_API_KEY": "k"}) if line.startswith("grok"))
    assert line == f"grok: chosen, with {MODEL}"
    several = {"XAI_API_KEY": "k", "OPENAI_API_KEY": "k"}
    assert f"grok: chosen, with {MODEL}" in explain_media(environ=several, model=MODEL)
    with pytest.raises(MissingKey, match="set XAI_API_KEY"):
        generate_media("a", backend_type="xai", environ={})


async def test_an_image(tmp_path: Path) -> None:
    async with Simulator(api_key=KEY) as sim:
        stream = made(sim, aspect_ratio="16:9", size="2K", output_path=tmp_path / "a.png")
        chunks = await read(stream)
        cost: Any = await stream.cost()
    (final,) = finals(chunks)
    assert stored(tmp_path / "a.png") == final.media_data
    seen = (await probe(tmp_path / "a.png")).metadata
    assert (seen.mime_type, seen.width, seen.height) == ("image/png", 910, 512)
    assert (final.media_metadata.width, final.media_metadata.height) == (910, 512)
    assert (cost.usd, cost.source) == (0.02, "reported")
    assert of_type(chunks, "done")[0].finish_reason == "stop"


async def test_nothing_stays_open() -> None:
    async with Simulator() as sim:
        await read(made(sim))
        await until(lambda: (sim.connections(), sim.connections().idle) == (0, 0))
        assert sim.connections().total == 1


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({}, {"n": 1}),
        ({"n": 3, "size": "1K", "quality": "medium"}, {"n": 3, "resolution": "1k", "quality": "medium"}),
        ({"aspect_ratio": "9:20", "size": "2k"}, {"n": 1, "aspect_ratio": "9:20", "resolution": "2k"}),
        ({"input_images": URL}, {"n": 1, "image_url": URL}),
        ({"input_images": {"file_id": "file-1"}, "edit_mode": "edit"}, {"n": 1, "image_file_id": "file-1"}),
        ({"input_images": [URL, URL]}, {"n": 1, "image_urls": [URL, URL]}),
        ({"extra_params": {"user": "u-1"}}, {"n": 1, "user": "u-1"}),
    ],
)
async def test_the_request_is_that_of_the_sdk(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    async with Simulator(knows=["file-1"]) as sim, sdk(sim) as client:
        await read(made(sim, **ours))
        await client.image.sample_batch("a lighthouse", MODEL, image_format="base64", **theirs)
    assert sim.requests[0].body == sim.requests[1].body
    assert {"authorization", "xai-sdk-version"} <= sim.requests[0].headers.keys()


async def test_files_and_bytes_go_as_data_urls(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    async with Simulator() as sim:
        await read(made(sim, input_images=[PNG], input_image_paths=[tmp_path / "a.png"]))
        with pytest.raises(MediaError, match="input_images"):
            made(sim, input_images=tmp_path / "b.png")
    first, second = sim.requests[0].json["images"]
    assert first == second
    assert first["image_url"].startswith("data:image/png;base64,iVBORw0KGgo")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"the words of a letter", "image is .*, which is not one of image/png, image/jpeg, image/webp"),
        (b"%PDF-1.7 0123456789", "image is application/pdf"),
        ("data:text/plain;base64,aGVsbG8gd29ybGQ=", "image is .*, which is not one of"),
        (PNG + bytes(20 * 2**20), "image is over the limit of 20 MiB"),
    ],
)
async def test_nothing_but_pictures_is_sent(given: Any, said: str, tmp_path: Path) -> None:
    if isinstance(given, bytes):
        (tmp_path / "a.png").write_bytes(given)
        given = tmp_path / "a.png"
    error, sim = await failed(input_images=given)
    assert (error.error_info["kind"], sim.requests) == ("media", [])
    with pytest.raises(MediaError, match=said):
        raise MediaError(error.error)


async def test_several(tmp_path: Path) -> None:
    async with Simulator() as sim:
        result = await collect_media(
            "a", backend_type="grok", n=3, output_dir=tmp_path, api_key=KEY, base_url=sim.url("grok")
        )
    assert result.success
    assert (result.backend_name, result.model_used, len(names(tmp_path))) == ("grok", MODEL, 3)
    assert len({one["media_id"] for one in result.metadata["media_results"]}) == 3


async def test_an_address_is_fetched(tmp_path: Path) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, output_dir=tmp_path, extra_params={"format": "IMG_FORMAT_URL"}))
    (final,) = finals(chunks)
    assert stored(final.path).startswith(PNG[:8])
    assert {one.stage for one in of_type(chunks, "media_progress")} == {"downloading"}


async def test_what_becomes_of_a_stored_image() -> None:
    async with Simulator() as sim:
        (final,) = finals(await read(made(sim, extra_params={"storage_options": {"filename": "a.png"}})))
        chunks = await read(made(sim, extra_params={"storage_options": {"filename": "a/b"}}))
    file = final.provider_data["grok"]["file_output"]
    assert (file["file_id"][:9], file["filename"]) == ("file_sim_", "a.png")
    assert details(chunks, "warning") == ["xAI has not stored the image: The filename is not valid."]


async def test_options_that_it_does_not_know_are_told() -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, seed=3, output_format="png"))
        assert [line.partition(" ")[2][:4] for line in details(chunks, "loss")] == ["outp", "seed"]
        with pytest.raises(ConfigurationError, match="it does not know seed"):
            made(sim, seed=3, policy="strict")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"aspect_ratio": "5:4"}, "aspect_ratio is 5:4"),
        ({"size": "4K"}, "size is 4K"),
        ({"quality": "ultra"}, "quality is ultra; it takes low, medium, high"),
        ({"mask_path": "m.png", "input_images": URL}, "does not know mask_path"),
        ({"continue_from": "grok_vid_0123456789ab"}, "no medium that can be continued"),
        ({"continue_from": "grok_img_1", "input_images": [URL] * 5}, "6 images, with the one that is continued"),
        ({"edit_mode": "edit"}, "edit_mode edit needs an image: give input_images or continue_from"),
        ({"edit_mode": "outpaint", "input_images": URL}, "edit_mode is outpaint"),
    ],
)
def test_what_it_cannot_do_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        generate_media("a", backend_type="grok", api_key=KEY, environ={}, **options)


async def test_an_image_is_continued_twice(tmp_path: Path) -> None:
    store = Continuations(tmp_path / "c.sqlite")
    async with Simulator() as sim:
        first, second = finals(await read(made(sim, n=2, continuations=store)))
        assert first.continuation_id != second.continuation_id
        assert all(one.continuation_id.startswith("grok_img_") for one in (first, second))
        store.close()
        restarted = Continuations(tmp_path / "c.sqlite")
        more = {"prompt": "at night", "continuations": restarted}
        (third,) = finals(await read(made(sim, continue_from=second.continuation_id, **more)))
        body = sim.requests[-1].json
        kind, _, encoded = body["image"]["image_url"].partition(",")
        assert (body["prompt"], kind, b64decode(encoded)) == ("at night", "data:image/png;base64", second.media_data)
        given = {"continue_from": third.continuation_id, "input_images": URL, "edit_mode": "edit", **more}
        assert len(finals(await read(made(sim, **given)))) == 1
        first_url, second_url = (one["image_url"] for one in sim.requests[-1].json["images"])
        assert (b64decode(first_url.partition(",")[2]), second_url) == (third.media_data, URL)
        restarted.close()


async def test_an_image_that_is_elsewhere_is_continued_by_its_address() -> None:
    async with Simulator() as sim:
        (first,) = finals(await read(made(sim, extra_params={"format": "IMG_FORMAT_URL"})))
        place = sim.requests[-1].path
        await read(made(sim, continue_from=first.continuation_id))
        assert sim.requests[1].path == place
        assert sim.requests[2].json["image"]["image_url"] == f"{sim.origin}{place}"


async def test_an_id_that_is_not_known() -> None:
    error, sim = await failed(continue_from="grok_img_0123456789ab")
    assert (error.error_info["kind"], sim.requests) == ("invalid_request", [])
    assert "is not known here" in error.error


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"extra_params": {"colour": "red"}}, "xAI's API cannot hold the request: .*colour"),
    ],
)
async def test_what_cannot_be_sent_is_an_error(options: dict[str, Any], said: str) -> None:
    error, sim = await failed(**options)
    assert error.error_info["kind"] == "invalid_request"
    assert sim.requests == []
    with pytest.raises(ConfigurationError, match=said):
        raise ConfigurationError(error.error)


@pytest.mark.parametrize(
    ("fault", "kind", "requests"),
    [
        ("400", "invalid_request", 1),
        ("401", "authentication", 1),
        ("429", "rate_limited", 3),
        ("500", "server", 3),
        ("503", "overloaded", 3),
        ("cut;how=reset", "transport", 3),
    ],
)
async def test_errors(fault: str, kind: str, requests: int, tmp_path: Path) -> None:
    error, sim = await failed(fault, output_dir=tmp_path)
    assert (error.error_info["kind"], error.error_info["provider"]) == (kind, "grok")
    assert (len(sim.requests), names(tmp_path)) == (requests, [])


async def test_another_attempt_succeeds() -> None:
    async with Simulator(faults=["503", None]) as sim:
        chunks = await read(made(sim))
    assert len(finals(chunks)) == 1
    assert len(details(chunks, "retry")) == 1


async def test_moderation() -> None:
    error, sim = await failed(model="simulator/fault:error;code=moderation")
    assert (error.error_info["kind"], error.error) == ("content_filter", "xAI's moderation has withheld the image")
    assert len(sim.requests) == 1
    async with Simulator() as other:
        chunks = await read(made(other, n=3, model="simulator/fault:error;code=moderation"))
    assert details(chunks, "warning") == ["xAI's moderation has withheld 1 of 3 images"]
    assert [final.media_id[-1] for final in finals(chunks)] == ["2", "3"]


async def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot make the folder"):
        await failed(output_dir=tmp_path / "file" / "folder")


async def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    async with Simulator(faults="silence") as sim:
        reading = asyncio.ensure_future(read(made(sim, output_path=tmp_path / "a.png")))
        await until(lambda: sim.connections() == 1)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await until(lambda: sim.connections() == 0)
    assert names(tmp_path) == []


async def test_a_server_that_says_nothing_in_time() -> None:
    error, _ = await failed("silence", read_timeout=0.05, max_retries=0)
    assert error.error_info["kind"] == "timeout"


@pytest.mark.parametrize(("fault", "kind"), [("cut;after=20;how=end", "protocol"), ("html", "protocol")])
async def test_what_is_no_answer(fault: str, kind: str) -> None:
    error, _ = await failed(fault, max_retries=0)
    assert error.error_info["kind"] == kind


async def test_an_image_without_its_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imagining, "png", lambda *_: b"")
    error, _ = await failed()
    assert (error.error_info["kind"], error.error) == ("protocol", "malformed event: an image without its data")


async def test_nobody_is_there() -> None:
    options: dict[str, Any] = {
        "api_key": KEY,
        "base_url": "http://127.0.0.1:1",
        "max_retries": 0,
        "instruments": instruments(),
    }
    chunks = await read(generate_media("a", backend_type="grok", **options))
    (error,) = of_type(chunks, "error")
    assert error.error_info["kind"] == "transport"
