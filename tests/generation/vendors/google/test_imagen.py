"""Imagen, through Google Cloud, against the simulator: the requests are those of Google's own SDK."""

from __future__ import annotations

import asyncio
import io
import re
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from google.genai import types
from PIL import Image

from massgen_stream.backend.account import Account
from massgen_stream.errors import ConfigurationError, MissingKey
from massgen_stream.generation import GenerationConfig, Order, collect_media, explain_media, generate_media
from massgen_stream.generation.vendors.google.client import CLOUD, Door
from massgen_stream.provider.gemini import SPEC
from massgen_stream.simulator import Simulator, refuse, stall
from massgen_stream.stream_chunk.narrow import complete_response, done
from massgen_stream.testing.recorded import available, recordings, skip_reason

from ....media.files import picture
from ....simulator.polling import until
from ....simulator.vendors.google_imagen.test_sdk import client_of
from ...fakes import whole
from ...google_media import KEY, WORDS, left
from ...google_media import made as google_made
from ...reading import details, finals, names, of_type, read, stored

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:The (generate_images|edit_image) method is deprecated"),
]
MODEL, EDITOR = "imagen-4.0-generate-001", "imagen-3.0-capability-001"
RAW, STYLE = picture(), picture(width=20, height=30)
HERE = "/v1beta1/publishers/google/models"


def made(sim: Simulator, **options: Any) -> Any:
    return google_made(sim, "image", **{"model": MODEL, **options})


def edited(sim: Simulator, **options: Any) -> Any:
    return made(sim, model=EDITOR, **options)


def file(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def hole(width: int = 64, height: int = 48) -> bytes:
    """Return a mask that is transparent on its left half."""
    mask = Image.new("RGBA", (width, height), (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), (0, 0, width // 2, height))
    out = io.BytesIO()
    mask.save(out, "PNG")
    return out.getvalue()


def image(data: bytes) -> types.Image:
    return types.Image(image_bytes=data, mime_type="image/png")


def references(sim: Simulator, number: int = -1) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sim.requests[number].json["instances"][0]["referenceImages"]
    return found


def camelled(value: Any) -> Any:
    """Return JSON with the names that the SDK leaves in its own spelling in that of the others."""
    if isinstance(value, list):
        return [camelled(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {re.sub("_([a-z])", lambda found: found[1].upper(), name): camelled(one) for name, one in value.items()}


async def refused(**options: Any) -> Any:
    """Return the error that a stream ends with; nothing is whole."""
    script, faults = options.pop("script", None), options.pop("faults", None)
    async with Simulator(script, faults) as sim:
        chunks = await read(made(sim, **options))
        await until(lambda: sim.connections() == 0)
    (error,) = of_type(chunks, "error")
    assert finals(chunks) == []
    assert KEY not in repr(chunks)
    return error


def test_it_is_chosen_by_name_and_model_alone() -> None:
    environ = {"GOOGLE_CLOUD_PROJECT": "mine"}
    assert f"google: chosen, with {MODEL}" in explain_media(model=MODEL, environ=environ)
    assert f"google (Google Cloud, {MODEL}): only chosen by name or model" in explain_media(environ=environ)
    lines = explain_media(backend_type="google", environ=environ, style_image_path="s.png")
    assert f"google: chosen, with {EDITOR}" in lines
    express = {"GOOGLE_GENAI_USE_ENTERPRISE": "true", "GOOGLE_API_KEY": "k"}
    assert f"google: chosen, with {EDITOR}" in explain_media(model=EDITOR, environ=express, subject_image_path="s.png")
    for switched_off in ({"GOOGLE_API_KEY": "k"}, {**express, "GOOGLE_GENAI_USE_ENTERPRISE": "false"}):
        with pytest.raises(MissingKey, match="set GOOGLE_CLOUD_PROJECT"):
            generate_media("a", backend_type="google", model=MODEL, environ=switched_off)
    assert CLOUD.base_url is None


def test_the_doors() -> None:
    door = Door.of({"project": "mine", "location": "europe-west4", "language": "en"}, enterprise=True)
    assert (door.access.project, door.access.location, door.params) == ("mine", "europe-west4", {"language": "en"})
    with pytest.raises(ConfigurationError, match="project belongs to Google Cloud; pass enterprise=True"):
        Door.of({"project": "mine"})
    home, elsewhere = (
        Order(GenerationConfig(prompt="x"), MODEL, Account("k", url), asyncio.sleep)
        for url in (SPEC.base_url, "http://127.0.0.1:1")
    )
    cloud, developer = Door.of({}, enterprise=True), Door.of({})
    assert (cloud.base_url(home), developer.base_url(home)) == (None, SPEC.base_url)
    assert cloud.base_url(elsewhere) == developer.base_url(elsewhere) == "http://127.0.0.1:1"


async def test_images(tmp_path: Path) -> None:
    async with Simulator(api_key=KEY) as sim, client_of(sim, api_key=KEY) as client:
        given: dict[str, Any] = {"aspect_ratio": "16:9", "negative_prompt": "people", "guidance_scale": 0, "seed": 5}
        more = {"size": "2K", "output_format": "jpeg", "output_compression": 70, "output_dir": tmp_path, "n": 3}
        chunks = await read(made(sim, **given, **more, extra_params={"language": "en"}))
        config = types.GenerateImagesConfig(
            **given, image_size="2K", output_mime_type="image/jpeg", output_compression_quality=70, number_of_images=3,
            include_rai_reason=True, add_watermark=False, language=types.ImagePromptLanguage.en,
        )  # fmt: skip
        answer = await client.models.generate_images(model=MODEL, prompt=WORDS, config=config)
        await until(lambda: sim.connections() == 0)
    ours, theirs = sim.requests
    assert (ours.path, ours.json) == (theirs.path, theirs.json)
    assert ours.path == f"{HERE}/{MODEL}:predict"
    pictures = [stored(final.path) for final in finals(chunks)]
    assert pictures == [one.image.image_bytes for one in answer.generated_images or [] if one.image]
    with Image.open(io.BytesIO(pictures[0])) as opened:
        assert (opened.size, opened.format) == ((192, 108), "JPEG")
    assert len({final.media_id for final in finals(chunks)}) == 3
    assert len(names(tmp_path)) == 3
    assert [line.split(":")[0] for line in details(chunks, "warning")] == [f"model {MODEL}"]
    assert "2026-08-17" in details(chunks, "warning")[0]
    assert details(chunks, "info") == [
        "google: the images have no watermark, since Imagen takes a seed only without it"
    ]
    assert (chunks[0].provider, chunks[0].model, chunks[-1].finish_reason) == ("google", MODEL, "stop")


async def test_a_project() -> None:
    class Credentials:
        """What the SDK asks for a token."""

        token, expired, valid, quota_project_id = "ya29.x", False, True, None

    params = {"project": "mine", "location": "europe-west4", "credentials": Credentials()}
    async with Simulator() as sim:
        chunks = await read(made(sim, extra_params=params, api_key=None))
        (request,) = sim.requests
    assert request.path == f"/v1beta1/projects/mine/locations/europe-west4/publishers/google/models/{MODEL}:predict"
    assert len(finals(chunks)) == 1


async def test_a_server_that_wants_no_key() -> None:
    async with Simulator() as sim:
        assert len(finals(await read(made(sim, api_key=None)))) == 1
        assert "x-goog-api-key" not in sim.requests[0].headers


@pytest.mark.parametrize(
    ("options", "mode", "mask"),
    [
        ({"mask_mode": "auto"}, "INPAINT_INSERTION", {"mask_mode": "MASK_MODE_DEFAULT"}),
        (
            {"mask_mode": "FOREGROUND", "edit_mode": "inpaint_removal", "mask_dilation": 0.06},
            "INPAINT_REMOVAL", {"mask_mode": "MASK_MODE_FOREGROUND", "mask_dilation": 0.06},
        ),
        ({"edit_mode": "bgswap"}, "BGSWAP", {"mask_mode": "MASK_MODE_BACKGROUND"}),
        (
            {"segmentation_classes": [8, 11], "edit_mode": "inpaint"},
            "INPAINT_INSERTION", {"mask_mode": "MASK_MODE_SEMANTIC", "segmentation_classes": [8, 11]},
        ),
        ({"edit_mode": "edit"}, "DEFAULT", None),
        ({"edit_mode": "product_image", "mask_mode": "background"}, "PRODUCT_IMAGE",
         {"mask_mode": "MASK_MODE_BACKGROUND"}),
        ({}, None, None),
    ],
)  # fmt: skip
async def test_edits(options: dict[str, Any], mode: str | None, mask: dict[str, Any] | None) -> None:
    async with Simulator() as sim, client_of(sim) as client:
        chunks = await read(edited(sim, input_images=RAW, prompt="a boat", steps=12, **options))
        given: list[Any] = [types.RawReferenceImage(reference_id=1, reference_image=image(RAW))]
        if mask is not None:
            given.append(types.MaskReferenceImage(reference_id=2, config=types.MaskReferenceConfig(**mask)))
        wanted = types.EditMode(f"EDIT_MODE_{mode}") if mode else None
        config = types.EditImageConfig(edit_mode=wanted, number_of_images=1, include_rai_reason=True, base_steps=12)
        await client.models.edit_image(model=EDITOR, prompt="a boat", reference_images=given, config=config)
    ours, theirs = sim.requests
    assert (ours.path, ours.json) == (theirs.path, theirs.json)
    metadata = finals(chunks)[0].media_metadata
    assert (metadata.width, metadata.height) == (64, 48)


async def test_references_of_every_kind(tmp_path: Path) -> None:
    async with Simulator() as sim, client_of(sim) as client:
        chunks = await read(edited(
            sim,
            prompt="a cat [2] in the style of [3]",
            control_image_path=file(tmp_path, "control.png", RAW),
            control_type="Face_Mesh",
            style_image_path=file(tmp_path, "style.png", STYLE),
            style_description="ink",
            subject_image_path=file(tmp_path, "subject.png", RAW),
            subject_type="animal",
            subject_description="a cat",
            reference_images=[STYLE, {"url": "gs://mine/a.png"}],
            aspect_ratio="4:3",
            n=4,
            extra_params={"computeControl": True},
        ))  # fmt: skip
        control = types.ControlReferenceConfig(
            control_type=types.ControlReferenceType.CONTROL_TYPE_FACE_MESH, enable_control_image_computation=True
        )
        subject = types.SubjectReferenceConfig(
            subject_type=types.SubjectReferenceType.SUBJECT_TYPE_ANIMAL, subject_description="a cat"
        )
        style = types.StyleReferenceConfig(style_description="ink")
        stored_picture = types.Image(gcs_uri="gs://mine/a.png")
        given: list[Any] = [
            types.ControlReferenceImage(reference_id=1, reference_image=image(RAW), config=control),
            types.StyleReferenceImage(reference_id=2, reference_image=image(STYLE), config=style),
            types.SubjectReferenceImage(reference_id=3, reference_image=image(RAW), config=subject),
            types.ContentReferenceImage(reference_id=4, reference_image=image(STYLE)),
            types.ContentReferenceImage(reference_id=5, reference_image=stored_picture),
        ]
        config = types.EditImageConfig(number_of_images=4, include_rai_reason=True, aspect_ratio="4:3")
        await client.models.edit_image(
            model=EDITOR, prompt="a cat [2] in the style of [3]", reference_images=given, config=config
        )
    ours, theirs = (camelled(one) for one in (references(sim, 0), references(sim, 1)))
    assert ours == theirs
    assert [request.json["parameters"] for request in sim.requests] == [sim.requests[0].json["parameters"]] * 2
    assert len(finals(chunks)) == 4


async def test_a_mask_is_white_where_it_was_transparent(tmp_path: Path) -> None:
    async with Simulator() as sim:
        mask = file(tmp_path, "mask.png", hole())
        chunks = await read(edited(sim, input_images=RAW, mask_path=mask, mask_dilation=0, prompt=""))
        raw, sent = references(sim)
    assert len(finals(chunks)) == 1
    assert raw["referenceType"] == "REFERENCE_TYPE_RAW"
    assert sent["maskImageConfig"] == {"maskMode": "MASK_MODE_USER_PROVIDED", "dilation": 0}
    with Image.open(io.BytesIO(b64decode(sent["referenceImage"]["bytesBase64Encoded"]))) as white:
        assert white.size == (64, 48)
        assert [white.getpixel((x, 20)) for x in (0, 31, 32, 63)] == [255, 255, 0, 0]


async def test_a_mask_of_the_same_shape_is_resized_and_told(tmp_path: Path) -> None:
    async with Simulator() as sim:
        mask = file(tmp_path, "mask.png", hole(32, 24))
        chunks = await read(edited(sim, input_images=RAW, mask_path=mask, seed=7))
        _, sent = references(sim)
    assert details(chunks, "loss") == ["google: the mask is resized from 32x24 to 64x48, the size of its picture"]
    assert [one.partition(",")[0] for one in details(chunks, "info")] == ["google: the images have no watermark"]
    with Image.open(io.BytesIO(b64decode(sent["referenceImage"]["bytesBase64Encoded"]))) as white:
        assert white.size == (64, 48)


async def test_outpainting_makes_the_canvas_and_its_mask() -> None:
    async with Simulator() as sim:
        chunks = await read(edited(sim, input_images=RAW, edit_mode="outpaint", aspect_ratio="16:9"))
        raw, mask = references(sim)
        parameters = sim.requests[-1].json["parameters"]
    metadata = finals(chunks)[0].media_metadata
    assert (metadata.width, metadata.height) == (85, 48)
    assert parameters["editMode"] == "EDIT_MODE_OUTPAINT"
    assert "aspectRatio" not in parameters
    pictures = [Image.open(io.BytesIO(b64decode(one["referenceImage"]["bytesBase64Encoded"]))) for one in (raw, mask)]
    assert [one.size for one in pictures] == [(85, 48)] * 2
    assert [pictures[1].getpixel((x, 5)) for x in (0, 9, 10, 73, 74, 84)] == [255, 255, 0, 0, 255, 255]
    for one in pictures:
        one.close()


@pytest.mark.parametrize(
    ("mask", "said"),
    [
        (hole(32, 48), "the mask is 32x48, its picture 64x48; make them the same size"),
        (RAW, "the mask has no alpha channel"),
        (b"\x89PNG\r\n\x1a\nbroken", "cannot be decoded"),
    ],
)
async def test_a_mask_that_does_not_fit(tmp_path: Path, mask: bytes, said: str) -> None:
    error = await refused(model=EDITOR, input_images=RAW, mask_path=file(tmp_path, "mask.png", mask))
    assert said in error.error
    assert error.error_info["kind"] == "media"


async def test_images_that_it_does_not_take() -> None:
    error = await refused(model=EDITOR, input_images=b"GIF89a" + b"\0" * 20)
    assert "the input image is image/gif, which is not one of image/png, image/jpeg" in error.error


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"input_images": RAW, "mask_path": "m.png"}, "it does not know input_images"),
        ({"size": "4K"}, "size is 4K; it takes 1K, 2K"),
        ({"size": "2K", "model": "imagen-3.0-generate-002"}, "imagen-3.0-generate-002 makes one size"),
        ({"aspect_ratio": "21:9"}, "aspect_ratio is 21:9; it takes 1:1, 3:4, 4:3, 9:16, 16:9"),
        ({"output_compression": 3}, "output_compression goes with output_format jpeg"),
        ({"extra_params": {"api": "interactions"}}, "api is a word of Gemini's models"),
        ({"model": EDITOR}, "it needs input_images, reference_images or one of style_image_path"),
        ({"model": EDITOR, "input_images": [RAW, RAW]}, "2 input images; it takes at most 1"),
        ({"model": EDITOR, "input_images": {"file_id": "f"}}, "no file ids"),
        ({"model": EDITOR, "input_images": RAW, "style_description": "ink"}, "needs a style_image_path"),
        ({"model": EDITOR, "control_image_path": "c.png", "control_type": "depth"}, "control_type is depth; it takes"),
        ({"model": EDITOR, "subject_image_path": "c.png", "subject_type": "car"}, "subject_type is car; it takes"),
        ({"model": EDITOR, "input_images": RAW, "edit_mode": "inpaint"}, "needs a mask_path or a mask_mode"),
        ({"model": EDITOR, "input_images": RAW, "edit_mode": "outpaint"}, "outpaint needs an aspect_ratio"),
        ({"model": EDITOR, "input_images": RAW, "edit_mode": "upscale"}, "edit_mode is upscale; it takes"),
        ({"model": EDITOR, "input_images": RAW, "mask_dilation": 0.1}, "mask_dilation needs a mask_path"),
        ({"model": EDITOR, "input_images": RAW, "mask_mode": "semantic"}, "semantic needs segmentation_classes"),
        (
            {"model": EDITOR, "input_images": RAW, "mask_mode": "auto", "segmentation_classes": [1]},
            "go with mask_mode semantic, not with auto",
        ),
        ({"model": EDITOR, "input_images": RAW, "segmentation_classes": range(6)}, "it takes at most 5"),
        (
            {"model": EDITOR, "input_images": RAW, "segmentation_classes": [1], "mask_path": "m.png"},
            "leave mask_path out",
        ),
        ({"model": EDITOR, "style_image_path": "s.png", "edit_mode": "edit"}, "edit_mode edit needs input_images"),
    ],
)
def test_what_cannot_be_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as problem:
        generate_media("a", **{"backend_type": "google", "api_key": "k", "environ": {}, "model": MODEL, **options})
    assert said in str(problem.value)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, "invalid_request"), (401, "authentication"), (403, "permission"), (404, "not_found"), (429, "rate_limited"),
     (500, "server")],
)  # fmt: skip
async def test_what_the_host_refuses(tmp_path: Path, status: int, kind: str) -> None:
    error = await refused(script=[refuse(status, "No.")], max_retries=0, output_path=tmp_path / "a.png")
    assert (error.error_info["kind"], error.error_info["status"], error.error) == (kind, status, "No.")
    assert names(tmp_path) == []


@pytest.mark.parametrize("fault", ["500", "cut;after=0", "malformed;after=0", "html;code=200", "error;after=0"])
async def test_what_goes_wrong_leaves_no_file(tmp_path: Path, fault: str) -> None:
    error = await refused(faults=[fault] * 3, output_path=tmp_path / "a.png", max_retries=0)
    assert error.error
    assert names(tmp_path) == []


async def test_images_that_are_withheld(tmp_path: Path) -> None:
    reason = {"raiFilteredReason": "Unable to show generated images. Support codes: 58061214"}
    nothing = [complete_response({"predictions": [reason]}), done("content_filter")]
    error = await refused(script=[nothing], output_path=tmp_path / "a.png")
    assert error.error_info["kind"] == "content_filter"
    some = [whole(), complete_response({"predictions": [reason]}), done("stop")]
    async with Simulator([some]) as sim:
        chunks = await read(made(sim, n=2, output_dir=tmp_path))
    assert (len(finals(chunks)), chunks[-1].finish_details) == (1, {"raiFilteredReason": [reason["raiFilteredReason"]]})


@pytest.mark.parametrize("leave", ["task", "cancel"])
async def test_leaving_closes_the_connection(tmp_path: Path, leave: str) -> None:
    async with Simulator([[stall()]]) as sim:
        stream = made(sim, output_path=tmp_path / "a.png")
        await _left_while_waiting(sim, stream, leave)
        await until(lambda: sim.connections() == 0)
    assert names(tmp_path) == []


async def _left_while_waiting(sim: Simulator, stream: Any, leave: str) -> None:
    task = asyncio.create_task(read(stream))
    await until(lambda: sim.connections() == 1)
    if leave == "cancel":
        stream.cancel()
        assert (await task)[-1].finish_reason == "cancelled"
        return
    task.cancel()
    await asyncio.wait([task])
    await stream.aclose()


async def test_leaving_after_the_first_image(tmp_path: Path) -> None:
    async with Simulator() as sim:
        await left(sim, made(sim, n=3, output_dir=tmp_path), "media", "break")
    assert len(names(tmp_path)) == 1  # it was whole


async def test_the_result_alone(tmp_path: Path) -> None:
    async with Simulator() as sim:
        result = await collect_media(
            WORDS, "image", backend_type="gemini", model=MODEL, api_key=KEY, base_url=sim.url("gemini"), environ={},
            output_dir=tmp_path,
        )  # fmt: skip
    assert (result.success, result.backend_name, result.model_used) == (True, "google", MODEL)
    assert result.continuation_id is None


@pytest.mark.skipif(not available("google.imagen"), reason=skip_reason("google.imagen"))
async def test_a_recorded_answer() -> None:
    recording = next((one for one in recordings("google.imagen") if "red skateboard" in str(one.request)), None)
    if recording is None:
        pytest.skip("no recording of this request")
    async with Simulator([[recording.body]]) as sim:
        chunks = await read(made(sim, prompt="Robot holding a red skateboard", output_format="jpeg"))
        sent = sim.requests[-1].json
    wanted: Any = recording.request
    assert sent["instances"] == wanted["instances"]
    assert sent["parameters"]["outputOptions"] == wanted["parameters"]["outputOptions"]
    (final,) = finals(chunks)
    (expected,) = recording.expect["media"]
    metadata = final.media_metadata
    assert (metadata.mime_type, metadata.size_bytes) == (expected["mime"], expected["size"])
    assert metadata.checksum == f"sha256:{expected['sha256']}"
