"""OpenAI's images, through its SDK, against the simulator."""

from __future__ import annotations

import inspect
import io
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.types import image_edit_params, image_generate_params
from PIL import Image

from massgen_stream.errors import ConfigurationError, MissingExtra, MissingKey
from massgen_stream.generation import collect_media, explain_media, generate_media
from massgen_stream.generation.registry import BACKEND_API_KEYS, BACKEND_PRIORITY, DEFAULT_MODELS
from massgen_stream.simulator import Simulator, cut, refuse, stall, text
from massgen_stream.simulator.answers.drawn import drawn
from massgen_stream.stream_chunk.kinds import MediaType

from ....media.files import mask
from ....simulator.polling import until
from ...leaving import left
from ...openai import KEY, PROMPT, form, last, made
from ...reading import details, finals, names, of_type, previews, read, stored

pytestmark = pytest.mark.anyio
MODEL = "gpt-image-2.6-sunburst"


def picture(width: int = 64, height: int = 32, kind: str = "PNG", mode: str = "RGBA") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), (0, 0, 0, 255)[: len(mode)]).save(out, kind)
    return out.getvalue()


def looked_at(encoded: bytes) -> tuple[tuple[int, int], str | None]:
    with Image.open(io.BytesIO(encoded)) as image:
        image.load()
        return image.size, image.format


async def failed(*, faults: Any = None, script: Any = None, **options: Any) -> Any:
    """Return the error that a stream ends with; no medium is whole."""
    async with Simulator(script, faults) as sim:
        chunks = await read(made(sim, **options))
        await until(lambda: sim.connections() == 0)
    (error,) = of_type(chunks, "error")
    assert finals(chunks) == []
    assert KEY not in repr(chunks)
    assert error.error_info["provider"] == "openai"
    return error


def test_it_is_registered() -> None:
    assert BACKEND_API_KEYS["openai"] == ("OPENAI_API_KEY",)
    assert DEFAULT_MODELS["openai"][MediaType.IMAGE] == MODEL
    assert BACKEND_PRIORITY[MediaType.IMAGE][0] == "openai"
    assert f"openai: chosen, with {MODEL}" in explain_media(environ={"OPENAI_API_KEY": "k"})
    several = {"XAI_API_KEY": "k", "GOOGLE_API_KEY": "k", "OPENAI_API_KEY": "k"}
    assert f"openai: chosen, with {MODEL}" in explain_media(environ=several)
    with pytest.raises(MissingKey, match="set OPENAI_API_KEY"):
        generate_media("a", backend_type="openai", environ={})


def test_the_sdk_is_named_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("massgen_stream.backend.requirements._installed", lambda library: library != "openai")
    with pytest.raises(MissingExtra, match=r"massgen-stream\[openai\]"):
        generate_media("a", backend_type="openai", api_key="k", environ={})


async def test_previews_and_the_picture(tmp_path: Path) -> None:
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(made(sim, size="96x64", output_path=tmp_path / "a.png"))
        assert last(sim).path == "/v1/images/generations"
        assert last(sim).json == {
            "model": MODEL, "prompt": PROMPT, "size": "96x64", "stream": True, "partial_images": 2
        }  # fmt: skip
        await until(lambda: sim.connections() == 0)
    assert [str(chunk.type) for chunk in chunks] == [
        "start", "media", "media", "media", "complete_response", "complete_message", "done"
    ]  # fmt: skip
    (final,) = finals(chunks)
    shown = previews(chunks)
    assert [one.chunk_index for one in shown] == [0, 1]
    assert {one.media_id for one in shown} == {final.media_id}
    assert [looked_at(one.media_data) for one in [*shown, final]] == [((96, 64), "PNG")] * 3
    assert len({one.media_data for one in [*shown, final]}) == 3
    assert stored(tmp_path / "a.png") == final.media_data
    assert chunks[-1].usage["output_tokens"] == 1056 + 2 * 100
    assert chunks[-1].usage["details"]["input_tokens_details"] == {"image_tokens": 0, "text_tokens": 5}
    assert chunks[0].request_id == "req_sim_1"
    assert (chunks[0].provider, chunks[0].model, chunks[-1].finish_reason) == ("openai", MODEL, "stop")


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({"partial_images": 0}, {"stream": True, "partial_images": 0}),
        ({"partial_images": 3, "quality": "low"}, {"stream": True, "partial_images": 3, "quality": "low"}),
        ({"background": "transparent"}, {"stream": True, "partial_images": 2, "background": "transparent"}),
        (
            {"output_format": "jpg", "output_compression": 0, "model": "gpt-image-1.5"},
            {"stream": True, "partial_images": 2, "output_format": "jpeg", "output_compression": 0},
        ),
        ({"aspect_ratio": "16:9"}, {"stream": True, "partial_images": 2, "size": "1536x864"}),
        ({"size": "auto"}, {"stream": True, "partial_images": 2, "size": "auto"}),
        ({"n": 2, "size": "64x64"}, {"n": 2, "size": "64x64"}),
        ({"output_format": "gif", "size": "64x64"}, {"output_format": "gif", "size": "64x64"}),
        ({"extra_params": {"moderation": "low"}}, {"stream": True, "partial_images": 2, "moderation": "low"}),
        ({"extra_params": {"stream": False}}, {"stream": False, "partial_images": 2}),
    ],
)
async def test_parameters(options: dict[str, Any], sent: dict[str, Any]) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, **options))
        assert last(sim).json == {"model": options.get("model", MODEL), "prompt": PROMPT, **sent}
    assert set(last(sim).json) - {"stream"} <= image_generate_params.ImageGenerateParamsBase.__annotations__.keys()
    assert len(finals(chunks)) == options.get("n", 1)
    assert len(previews(chunks)) == (sent["partial_images"] if sent.get("stream") else 0)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "gif"])
async def test_formats(tmp_path: Path, kind: str) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, size="64x48", output_format=kind, output_dir=tmp_path))
    (final,) = finals(chunks)
    assert final.media_metadata.mime_type == f"image/{kind}"
    assert looked_at(stored(final.path)) == ((64, 48), kind.upper())
    assert Path(final.path).suffix == {"jpeg": ".jpg"}.get(kind, f".{kind}")
    assert details(chunks, "warning") == []


async def test_a_drawing_of_lines(tmp_path: Path) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, size="64x48", output_format="svg", output_dir=tmp_path))
        assert last(sim).json.keys() == {"model", "prompt", "size", "output_format"}
    (final,) = finals(chunks)
    assert (final.media_metadata.mime_type, Path(final.path).suffix) == ("image/svg+xml", ".svg")
    assert stored(final.path).startswith(b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">')
    assert details(chunks, "warning") == []


async def test_several_pictures_come_whole(tmp_path: Path) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, n=3, size="32x32", partial_images=1, output_dir=tmp_path))
    assert len({final.media_id for final in finals(chunks)}) == 3
    assert len(names(tmp_path)) == 3
    loss = "openai: partial_images is left out, since only a single image is streamed"
    assert details(chunks, "loss") == [loss]
    assert chunks[-1].usage["output_tokens"] == 3 * 1056


async def test_a_size_counts_more_than_a_ratio() -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, size="32x32", aspect_ratio="1:1"))
        assert last(sim).json["size"] == "32x32"
    assert details(chunks, "loss") == ["openai: aspect_ratio is left out, since size says it"]


async def test_an_edit_with_a_mask_and_several_images(tmp_path: Path) -> None:
    pictures = [picture(), picture(kind="WEBP"), picture(kind="JPEG", mode="RGB")]
    (tmp_path / "first.png").write_bytes(pictures[0])
    (tmp_path / "mask.png").write_bytes(mask(64, 32))
    options: dict[str, Any] = {
        "input_image_paths": [tmp_path / "first.png"],
        "reference_images": pictures[1:],
        "mask_path": tmp_path / "mask.png",
        "edit_mode": "inpaint",
        "mask_mode": "user_provided",
        "size": "64x32",
        "quality": "high",
        "extra_params": {"input_fidelity": "high"},
    }
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(made(sim, **options, output_path=tmp_path / "out.png"))
        fields = form(sim)
        assert last(sim).path == "/v1/images/edits"
    assert looked_at(finals(chunks)[0].media_data) == ((64, 32), "PNG")
    assert len(previews(chunks)) == 2
    assert [chunk.error for chunk in of_type(chunks, "error")] == []
    files = [(field.name, field.filename, field.content_type) for field in fields if field.filename]
    assert files == [
        ("image[]", "image-1.png", "image/png"),
        ("image[]", "image-2.webp", "image/webp"),
        ("image[]", "image-3.jpeg", "image/jpeg"),
        ("mask", "mask.png", "image/png"),
    ]
    assert [field.data for field in fields if field.name == "image[]"] == pictures
    assert [field.data for field in fields if field.name == "mask"] == [mask(64, 32)]
    texts = {field.name: field.text for field in fields if not field.filename}
    assert texts == {
        "prompt": PROMPT, "model": MODEL, "size": "64x32", "quality": "high", "stream": "true",
        "partial_images": "2", "input_fidelity": "high",
    }  # fmt: skip
    assert set(texts) - {"stream"} <= image_edit_params.ImageEditParamsBase.__annotations__.keys()
    assert chunks[-1].usage["details"]["input_tokens_details"]["image_tokens"] == 3 * 194


async def test_a_mask_is_converted_where_it_means_the_same(tmp_path: Path) -> None:
    (tmp_path / "mask.webp").write_bytes(mask(32, 16, "WEBP"))
    async with Simulator() as sim:
        chunks = await read(made(sim, input_images=picture(), mask_path=tmp_path / "mask.webp", size="64x32"))
        (sent,) = [field for field in form(sim) if field.name == "mask"]
    assert details(chunks, "loss") == ["openai: the mask is resized from 32x16 to 64x32, the size of its picture"]
    assert (sent.filename, sent.content_type) == ("mask.png", "image/png")
    with Image.open(io.BytesIO(sent.data)) as image:
        assert (image.size, image.mode) == ((64, 32), "RGBA")
        assert [image.getchannel("A").getpixel((x, 9)) for x in (0, 31, 32, 63)] == [0, 0, 255, 255]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (picture(), "the mask is nowhere transparent; make it so where"),
        (picture(mode="RGB"), "the mask has no alpha channel, and black and white are not read as one; save it"),
        (mask(64, 48), "the mask is 64x48, its picture 64x32; make them the same size"),
        (b"%PDF-1.7", "the mask: declared as image/png, but its bytes are application/pdf"),
    ],
    ids=["nowhere", "opaque", "shape", "pdf"],
)
async def test_a_mask_is_looked_at_before_anything_is_sent(tmp_path: Path, given: bytes, said: str) -> None:
    (tmp_path / "m.png").write_bytes(given)
    async with Simulator() as sim:
        (error,) = of_type(await read(made(sim, input_images=picture(), mask_path=tmp_path / "m.png")), "error")
        assert sim.requests == []
    assert error.error.startswith(said)
    assert error.error_info["kind"] == "media"


async def test_an_edit_with_markup(tmp_path: Path) -> None:
    (tmp_path / "m.png").write_bytes(picture())
    async with Simulator() as sim:
        chunks = await read(made(sim, input_images=picture(), markup_path=tmp_path / "m.png", n=2, size="32x32"))
        assert [field.name for field in form(sim) if field.filename] == ["image[]", "markup"]
    assert len(finals(chunks)) == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"size": "1000x1000"}, "size is 1000x1000; gpt-image-2.6-sunburst makes auto, and sides divisible by 16"),
        ({"size": "3840x2176"}, "size is 3840x2176"),
        ({"size": "1600x512"}, "from 1:3 to 3:1"),
        ({"size": "2K"}, "size is 2K"),
        ({"size": "1536x864", "model": "gpt-image-1.5"}, "gpt-image-1.5 makes auto, 1024x1024, 1536x1024, 1024x1536"),
        ({"aspect_ratio": "16:9", "model": "gpt-image-1-mini"}, "size is 1536x864; gpt-image-1-mini makes"),
        ({"aspect_ratio": "7:9"}, "aspect_ratio is 7:9; it takes auto, 1:1"),
        ({"output_compression": 50}, "output_compression goes with jpeg and webp, not with png"),
        ({"background": "transparent", "output_format": "jpeg"}, "goes with png and webp, not with jpeg"),
        ({"partial_images": 4}, "partial_images is 4; it sends at most 3"),
        ({"partial_images": 1, "output_format": "svg"}, "svg comes without partial_images"),
        ({"n": 2, "output_format": "svg"}, "it makes one svg at a time"),
        ({"output_format": "mp4"}, "output_format mp4 is none of image; give png"),
        ({"input_images": [b"x"] * 17}, "17 input images; it takes at most 16"),
        ({"input_images": b"x", "mask_mode": "foreground"}, "it makes no mask itself: give mask_path"),
        ({"edit_mode": "edit"}, "edit_mode edit needs input_images"),
        ({"input_images": b"x", "edit_mode": "inpaint"}, "edit_mode inpaint needs a mask_path"),
        ({"input_images": b"x", "edit_mode": "upscale"}, "edit_mode is upscale; it takes edit, inpaint"),
        ({"input_images": b"x", "mask_path": "m.png", "markup_path": "m.png"}, "a mask or markup, not both"),
        ({"input_images": b"x", "mask_path": "m.png", "output_format": "gif"}, "gif goes without a mask"),
        ({"style_image_path": "s.png"}, "it does not know style_image_path"),
    ],
)
def test_what_cannot_be_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        generate_media("a", backend_type="openai", api_key="k", environ={}, **options)
    assert said in str(refused.value)


async def test_a_model_of_another_host_may_have_any_size() -> None:
    async with Simulator() as sim:
        await read(made(sim, model="flux-2", size="80x16"))
        assert last(sim).json["size"] == "80x16"


@pytest.mark.parametrize(("model", "when"), [("gpt-image-1", "2026-10-23"), ("dall-e-3", "2026-05-12")])
async def test_a_retired_model_is_told_before_its_host_refuses_it(model: str, when: str) -> None:
    async with Simulator([refuse(404, code="model_not_found")]) as sim:
        chunks = await read(made(sim, model=model))
    (warning,) = details(chunks, "warning")
    assert warning.startswith(f"model {model}: shut down on {when}")
    assert of_type(chunks, "error")[0].error_info["kind"] == "not_found"


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "moderation_blocked", "content_filter"),
        (400, None, "invalid_request"),
        (401, None, "authentication"),
        (403, None, "permission"),
        (429, "insufficient_quota", "quota"),
    ],
)
async def test_what_the_host_refuses(tmp_path: Path, status: int, code: str | None, kind: str) -> None:
    error = await failed(script=[refuse(status, "No.", code=code)], output_dir=tmp_path)
    assert (error.error_info["kind"], error.error_info["status"]) == (kind, status)
    assert "No." in error.error
    assert names(tmp_path) == []


@pytest.mark.parametrize("fault", ["500", "cut;after=100", "malformed;after=0", "html;code=200", "error;after=0"])
async def test_what_goes_wrong_leaves_no_file(tmp_path: Path, fault: str) -> None:
    error = await failed(faults=[fault] * 3, size="32x32", output_path=tmp_path / "a.png", max_retries=0)
    assert error.error
    assert names(tmp_path) == []


async def test_a_stream_that_breaks_after_a_preview_is_not_paid_twice(tmp_path: Path) -> None:
    first = next(drawn("m", (32, 32), 1))
    async with Simulator([[first, cut()]]) as sim:
        chunks = await read(made(sim, output_path=tmp_path / "a.png"))
        assert len(sim.requests) == 1
    assert len(previews(chunks)) == 1
    assert (finals(chunks), names(tmp_path), chunks[-1].finish_reason) == ([], [], "incomplete")


async def test_a_stream_that_breaks_behind_the_picture_is_whole(tmp_path: Path) -> None:
    async with Simulator([[*drawn("m", (32, 32)), text("after it"), cut()]]) as sim:
        chunks = await read(made(sim, output_path=tmp_path / "a.png"))
    assert (len(finals(chunks)), names(tmp_path), chunks[-1].finish_reason) == (1, ["a.png"], "stop")


async def test_a_silent_server() -> None:
    error = await failed(script=[stall()], read_timeout=0.05, max_retries=0)
    assert error.error_info["kind"] == "timeout"


async def test_an_error_after_a_preview() -> None:
    async with Simulator(faults="error;after=1;message=out of paint") as sim:
        chunks = await read(made(sim, size="32x32"))
    assert (len(previews(chunks)), finals(chunks)) == (1, [])
    assert of_type(chunks, "error")[0].error == "out of paint"
    assert chunks[-1].finish_reason == "error"


@pytest.mark.parametrize("leave", ["cancel", "break", "task"])
async def test_leaving_closes_the_connection_and_leaves_no_file(tmp_path: Path, leave: str) -> None:
    first = next(drawn("m", (32, 32), 1))
    async with Simulator([[first, stall()]]) as sim:
        chunks = await left(made(sim, output_path=tmp_path / "a.png"), leave, "media")
        await until(lambda: sim.connections() == 0)
    assert names(tmp_path) == []
    if leave == "cancel":
        assert chunks[-1].finish_reason == "cancelled"


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (
            picture(kind="BMP", mode="RGB"),
            "image 1 is image/bmp, which is not one of image/png, image/webp, image/jpeg",
        ),
        (b"", "empty"),
    ],
)
async def test_an_image_that_it_does_not_take(part: bytes, said: str) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, input_images=part))
        assert sim.requests == []
    (error,) = of_type(chunks, "error")
    assert said in error.error
    assert error.error_info["kind"] == "media"


async def test_the_result_alone(tmp_path: Path) -> None:
    async with Simulator() as sim:
        result = await collect_media(
            PROMPT, "image", backend_type="openai", api_key=KEY, base_url=sim.url("openai"), environ={},
            size="48x32", output_dir=tmp_path,
        )  # fmt: skip
    assert (result.success, result.backend_name, result.model_used) == (True, "openai", MODEL)
    assert looked_at(stored(str(result.output_path))) == ((48, 32), "PNG")


def test_the_options_are_those_of_the_sdk() -> None:
    images = openai.AsyncOpenAI(api_key="k").images
    for method in (images.generate, images.edit):
        known = inspect.signature(method).parameters
        assert {"model", "n", "size", "quality", "background", "output_format", "output_compression"} <= known.keys()
        assert {"stream", "partial_images", "extra_body"} <= known.keys()
    assert {"image", "mask", "markup"} <= inspect.signature(images.edit).parameters.keys()
