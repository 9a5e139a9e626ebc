"""Gemini's image models, through both of their APIs, against the simulator."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any, get_args

import pytest
from google.genai import types
from google.genai._gaos.types.interactions import imageresponseformat
from PIL import Image

from massgen_stream.errors import ConfigurationError, MissingKey
from massgen_stream.generation import Continuations, collect_media, explain_media, generate_media
from massgen_stream.generation.registry import BACKEND_API_KEYS, BACKEND_PRIORITY, DEFAULT_MODELS
from massgen_stream.generation.vendors.google.image_offer import RATIOS, sizes_of
from massgen_stream.simulator import Simulator, cut, refuse, stall
from massgen_stream.stream_chunk.kinds import MediaType
from massgen_stream.stream_chunk.narrow import done
from massgen_stream.testing.recorded import available, recordings, skip_reason
from massgen_stream.wire.documents import stream_of_document

from ....simulator.polling import until
from ... import google_media
from ...fakes import PNG, whole
from ...google_media import KEY, WORDS, left
from ...reading import details, finals, names, of_type, previews, read, stored

pytestmark = pytest.mark.anyio
MODEL = "gemini-nano-banana-2.1"
APIS = ("generate_content", "interactions")
PATHS = {"generate_content": f"/v1/models/{MODEL}:streamGenerateContent", "interactions": "/v1/interactions"}


def made(sim: Simulator, api: str = APIS[0], *, extra: dict[str, Any] | None = None, **options: Any) -> Any:
    params = {**({} if api == APIS[0] else {"api": api}), **(extra or {})}
    return google_media.made(sim, "image", extra_params=params, **options)


def looked_at(encoded: bytes) -> tuple[tuple[int, int], str | None]:
    with Image.open(io.BytesIO(encoded)) as image:
        image.load()
        return image.size, image.format


def said(sim: Simulator, number: int = -1) -> list[dict[str, Any]]:
    """Return the last content or step of a request."""
    body = sim.requests[number].json
    found: list[dict[str, Any]] = body["contents"] if "contents" in body else body["input"]
    return found


async def failed(api: str = APIS[0], *, faults: Any = None, script: Any = None, **options: Any) -> Any:
    """Return the error that a stream ends with; no medium is whole."""
    async with Simulator(script, faults) as sim:
        chunks = await read(made(sim, api, **options))
        await until(lambda: sim.connections() == 0)
    (error,) = of_type(chunks, "error")
    assert finals(chunks) == []
    assert KEY not in repr(chunks)
    assert error.error_info["provider"] == "google"
    return error


def test_it_is_registered() -> None:
    assert BACKEND_API_KEYS["google"] == ("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_CLOUD_PROJECT")
    assert DEFAULT_MODELS["google"][MediaType.IMAGE] == MODEL
    assert BACKEND_PRIORITY[MediaType.IMAGE][:2] == ("openai", "google")
    for variable in BACKEND_API_KEYS["google"]:
        assert f"google: chosen, with {MODEL}" in explain_media(environ={variable: "k"})
    both = explain_media(environ={"GEMINI_API_KEY": "k", "GOOGLE_CLOUD_PROJECT": "p", "XAI_API_KEY": "k"})
    assert [line for line in both if line.startswith("google")][:2] == [
        f"google: chosen, with {MODEL}", f"google (Google Cloud, {MODEL}): able, but comes later"
    ]  # fmt: skip
    later = explain_media(environ={"OPENAI_API_KEY": "k", "GEMINI_API_KEY": "k"})
    assert f"google (Google Gemini, {MODEL}): able, but comes later" in later
    by_model = explain_media(model="gemini-3-pro-image", environ={"OPENAI_API_KEY": "k", "GEMINI_API_KEY": "k"})
    assert "google: chosen, with gemini-3-pro-image" in by_model
    assert f"google: chosen, with {MODEL}" in explain_media(backend_type="gemini", environ={"GEMINI_API_KEY": "k"})


def test_a_missing_key_names_the_variable() -> None:
    with pytest.raises(MissingKey, match="set GEMINI_API_KEY"):
        generate_media("a", backend_type="google", environ={})
    lines = explain_media(environ={})
    assert f"google (Google Gemini, {MODEL}): no key; set GEMINI_API_KEY or GOOGLE_API_KEY" in lines
    assert f"google (Google Cloud, {MODEL}): no key; set GOOGLE_CLOUD_PROJECT" in lines


@pytest.mark.parametrize("api", APIS)
async def test_drafts_the_picture_and_what_is_said(tmp_path: Path, api: str) -> None:
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(made(sim, api, aspect_ratio="3:2", size="2K", output_path=tmp_path / "a.png"))
        (request,) = sim.requests
        await until(lambda: sim.connections() == 0)
    assert request.path == PATHS[api]
    assert "".join(chunk.content for chunk in of_type(chunks, "content")).startswith("You asked")
    draft, shown = previews(chunks)
    (final,) = finals(chunks)
    assert [one.chunk_index for one in (draft, shown)] == [0, 1]
    assert {draft.media_id, shown.media_id} == {final.media_id}
    assert [looked_at(one.media_data) for one in (draft, shown, final)] == [((192, 128), "PNG")] * 3
    assert draft.media_data != shown.media_data == final.media_data == stored(tmp_path / "a.png")
    assert final.continuation_id.startswith("gemini_chat_")
    assert names(tmp_path) == ["a.png"]
    assert (chunks[0].provider, chunks[0].model, chunks[-1].finish_reason) == ("google", MODEL, "stop")
    assert chunks[-1].usage["output_tokens"] > 0


@pytest.mark.parametrize(
    ("options", "config"),
    [
        ({}, {}),
        ({"aspect_ratio": "21:9", "size": "1K"}, {"imageConfig": {"aspectRatio": "21:9", "imageSize": "1K"}}),
        ({"seed": 0}, {"seed": 0}),
        ({"partial_images": 0}, {"thinkingConfig": None}),
        ({"model": "gemini-2.5-flash-image"}, {"thinkingConfig": None}),
        ({"extra": {"temperature": 0.5, "include_thoughts": False}}, {"temperature": 0.5, "thinkingConfig": None}),
        ({"extra": {"thinking_config": {"thinkingLevel": "HIGH"}}}, {"thinkingConfig": "HIGH"}),
    ],
)
async def test_parameters_of_generate_content(options: dict[str, Any], config: dict[str, Any]) -> None:
    async with Simulator() as sim:
        await read(made(sim, **options))
        body = sim.requests[-1].json
    usual = {"responseModalities": ["TEXT", "IMAGE"], "thinkingConfig": {"includeThoughts": True}}
    wanted = {name: value for name, value in {**usual, **config}.items() if value is not None}
    if config.get("thinkingConfig") == "HIGH":
        wanted["thinkingConfig"] = {"thinkingLevel": "HIGH", "includeThoughts": True}
    elif (options.get("extra") or {}).get("include_thoughts") is False:
        wanted["thinkingConfig"] = {"includeThoughts": False}
    assert body == {"contents": [{"role": "user", "parts": [{"text": WORDS}]}], "generationConfig": wanted}
    types.GenerationConfig.model_validate({name: wanted[name] for name in wanted if name != "imageConfig"})
    types.ImageConfig.model_validate(wanted.get("imageConfig", {}))


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({}, {}),
        (
            {"aspect_ratio": "8:1", "size": "4K", "output_format": "jpeg"},
            {"response_format": {
                "type": "image", "aspect_ratio": "8:1", "image_size": "4K", "mime_type": "image/jpeg"
            }},
        ),
        ({"seed": 7}, {"generation_config": {"seed": 7, "thinking_summaries": "auto"}}),
        ({"extra": {"store": False}, "partial_images": 0}, {"store": False, "generation_config": None}),
    ],
)  # fmt: skip
async def test_parameters_of_interactions(options: dict[str, Any], fields: dict[str, Any]) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, "interactions", **options))
        body = sim.requests[-1].json
    usual = {
        "model": MODEL,
        "stream": True,
        "input": [{"type": "user_input", "content": [{"type": "text", "text": WORDS}]}],
        "response_format": {"type": "image"},
        "generation_config": {"thinking_summaries": "auto"},
    }
    assert body == {name: value for name, value in {**usual, **fields}.items() if value is not None}
    imageresponseformat.ImageResponseFormat.model_validate(body["response_format"])
    form = "JPEG" if "output_format" in options else "PNG"
    assert looked_at(finals(chunks)[0].media_data)[1] == form


async def test_google_cloud_has_formats(tmp_path: Path) -> None:
    async with Simulator(api_key=KEY) as sim:
        given: dict[str, Any] = {"output_format": "jpeg", "output_compression": 80, "output_dir": tmp_path}
        chunks = await read(made(sim, extra={"enterprise": True}, **given))
        (request,) = sim.requests
    assert request.path == f"/v1beta1/publishers/google/models/{MODEL}:streamGenerateContent"
    options = {"imageOutputOptions": {"mimeType": "image/jpeg", "compressionQuality": 80}}
    assert request.json["generationConfig"]["imageConfig"] == options
    types.ImageConfig.model_validate({"imageOutputOptions": options["imageOutputOptions"]})
    assert looked_at(stored(finals(chunks)[0].path))[1] == "JPEG"
    assert details(chunks, "loss") == []


@pytest.mark.parametrize("api", APIS)
async def test_what_a_way_to_the_models_has_not(api: str) -> None:
    given: dict[str, Any] = {"output_format": "png", "output_compression": 1}
    async with Simulator() as sim:
        chunks = await read(made(sim, api, **given))
        body = repr(sim.requests[-1].json)
    assert [line.split()[1] for line in details(chunks, "loss")] == ["output_compression", "output_format"]
    assert "image/png" not in body
    assert "compression" not in body.lower()
    strict: dict[str, Any] = {"policy": "strict", "environ": {"GEMINI_API_KEY": KEY}, "backend_type": "google"}
    extra: dict[str, Any] = {"api": api}
    lines = explain_media(**given, **strict, extra_params=extra)
    unknown = "; ".join(f"{MODEL} does not know {name}" for name in ("output_compression", "output_format"))
    assert f"google (Google Gemini, {MODEL}): {unknown}" in lines
    extra = {"enterprise": True} if api == APIS[0] else extra
    lines = explain_media(output_format="jpeg", **strict, extra_params=extra)
    assert f"google: chosen, with {MODEL}" in lines


async def test_what_the_way_of_a_conversation_has_not() -> None:
    store = Continuations()
    async with Simulator() as sim:
        first = await read(made(sim, continuations=store))
        again = {"continue_from": finals(first)[0].continuation_id, "continuations": store}
        chunks = await read(made(sim, "interactions", output_format="jpeg", **again))
        assert sim.requests[-1].path == PATHS["generate_content"]
    loss = "google: output_format is left out, since the conversation goes on through generate_content"
    assert details(chunks, "loss") == [loss]
    store.close()


@pytest.mark.parametrize("api", APIS)
async def test_images_as_inputs(tmp_path: Path, api: str) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    remote = "https://generativelanguage.googleapis.com/v1beta/files/abc"
    async with Simulator(knows=["abc"]) as sim:
        given: dict[str, Any] = {"input_images": {"url": remote}, "reference_images": PNG, "edit_mode": "edit"}
        chunks = await read(made(sim, api, input_image_paths=[tmp_path / "a.png"], **given))
        parts = said(sim)[0]["parts" if api == APIS[0] else "content"]
    assert len(finals(chunks)) == 1
    kinds = ["text" if "text" in part else "uri" if remote in part.values() or "fileData" in part else "bytes"
             for part in parts]  # fmt: skip
    assert kinds == ["text", "uri", "bytes", "bytes"]
    assert repr(parts).count("iVBORw0KGgo") == 2


@pytest.mark.parametrize("leave", [None, "restart"])
async def test_a_conversation_keeps_all_that_was_said(tmp_path: Path, leave: str | None) -> None:
    place = tmp_path / "state.sqlite"
    store = Continuations(place)
    async with Simulator() as sim:
        first = await read(made(sim, input_images=PNG, continuations=store))
        if leave == "restart":
            store.close()
            store = Continuations(place)
        again = {"continue_from": finals(first)[0].continuation_id, "prompt": "with a boat", "edit_mode": "edit"}
        second = await read(made(sim, **again, continuations=store))
        third_id = finals(second)[0].continuation_id
        await read(made(sim, continue_from=third_id, prompt="at night", continuations=store))
        bodies = [request.json["contents"] for request in sim.requests]
    answered = bodies[1][1]
    assert [one["role"] for one in bodies[1]] == ["user", "model", "user"]
    assert bodies[1][0] == bodies[0][0]
    assert bodies[1][2] == {"role": "user", "parts": [{"text": "with a boat"}]}
    (picture,) = [part for part in answered["parts"] if "inlineData" in part and not part.get("thought")]
    assert picture["thoughtSignature"] == "c2ltdWxhdGVkIHNpZ25hdHVyZSAx"
    assert bodies[2][:3] == bodies[1]
    assert [one["role"] for one in bodies[2]] == ["user", "model", "user", "model", "user"]
    store.close()


async def test_a_conversation_says_what_the_model_said_byte_for_byte() -> None:
    picture = base64.b64encode(PNG).decode()
    parts = [
        {"text": "I think of the sea.", "thought": True},
        {"inlineData": {"mimeType": "image/png", "data": picture}, "thought": True},
        {"text": "Here it is: ", "thoughtSignature": "Zmlyc3Q="},
        {"inlineData": {"mimeType": "image/png", "data": picture}, "thoughtSignature": "c2Vjb25k"},
        {"text": "A lighthouse."},
        {"text": "", "thoughtSignature": "bGFzdA=="},
    ]
    answer = {"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}]}
    body = stream_of_document("google.generate_content", json.dumps(answer).encode())
    store = Continuations()
    async with Simulator([[body], [whole()]]) as sim:
        first = await read(made(sim, continuations=store))
        await read(made(sim, continue_from=finals(first)[0].continuation_id, continuations=store))
        sent = sim.requests[-1].json["contents"][1]
    assert sent == {"role": "model", "parts": parts}
    store.close()


async def test_an_interaction_is_continued_by_its_id() -> None:
    store = Continuations()
    async with Simulator() as sim:
        first = await read(made(sim, "interactions", continuations=store))
        again = {"continue_from": finals(first)[0].continuation_id, "prompt": "with a boat", "continuations": store}
        second = await read(made(sim, **again))  # what was kept says which API it is
        body = sim.requests[-1].json
    assert sim.requests[-1].path == "/v1/interactions"
    assert body["previous_interaction_id"] == "v1_sim_1"
    assert body["input"] == [{"type": "user_input", "content": [{"type": "text", "text": "with a boat"}]}]
    assert finals(second)[0].continuation_id != finals(first)[0].continuation_id
    store.close()


async def test_an_interaction_that_is_not_stored_is_sent_again() -> None:
    store = Continuations()
    async with Simulator() as sim:
        first = await read(made(sim, "interactions", extra={"store": False}, continuations=store))
        again = {"continue_from": finals(first)[0].continuation_id, "continuations": store}
        await read(made(sim, "interactions", extra={"store": False}, **again))
        body = sim.requests[-1].json
    assert "previous_interaction_id" not in body
    kinds = [step["type"] for step in body["input"]]
    assert (kinds[0], kinds[-1], "model_output" in kinds) == ("user_input", "user_input", True)
    signed = [step for step in body["input"] if step["type"] == "thought"]
    assert "c2ltdWxhdGVkIHNpZ25hdHVyZSAx" in repr(signed)
    assert "iVBORw0KGgo" in repr(body["input"])
    store.close()


async def test_the_model_of_a_conversation_stays() -> None:
    store = Continuations()
    async with Simulator() as sim:
        first = await read(made(sim, model="gemini-3-pro-image", continuations=store))
        kept = finals(first)[0].continuation_id
        await read(made(sim, continue_from=kept, continuations=store))
        await read(made(sim, continue_from=kept, model=MODEL, continuations=store))
    assert [request.path.rpartition("/")[2].partition(":")[0] for request in sim.requests[1:]] == [
        "gemini-3-pro-image", MODEL
    ]  # fmt: skip
    store.close()


async def test_what_cannot_be_continued() -> None:
    error = await failed(continue_from="gemini_chat_0123456789ab")
    assert "is not known here" in error.error
    with pytest.raises(ConfigurationError, match="is no medium that can be continued"):
        generate_media("a", backend_type="google", api_key="k", environ={}, continue_from="sora_x")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"size": "1024x1024"}, "size is 1024x1024; it takes 512, 1K, 2K, 4K"),
        ({"size": "512"}, "size is 512; gemini-nano-banana-2.1 makes 1K, 2K, 4K"),
        ({"size": "1K", "model": "gemini-2.5-flash-image"}, "gemini-2.5-flash-image makes one size"),
        ({"aspect_ratio": "7:9"}, "aspect_ratio is 7:9; it takes 1:1"),
        ({"input_images": [PNG] * 10, "reference_images": [PNG] * 5}, "15 images; it takes at most 14"),
        ({"edit_mode": "edit"}, "edit_mode edit needs input_images, or continue_from"),
        ({"edit_mode": "outpaint", "input_images": PNG, "model": MODEL}, "edit_mode is outpaint; it takes edit"),
        ({"output_format": "webp"}, "output_format is webp; it takes png, jpeg"),
        ({"extra_params": {"api": "chats"}}, "api is chats; it takes generate_content, interactions"),
    ],
)
def test_what_cannot_be_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        generate_media("a", backend_type="google", environ={"GEMINI_API_KEY": "k"}, **options)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("model", "when"), [("gemini-3.1-flash-image", "2026-10-29"), ("gemini-2.5-flash-image", "2027-03-15")]
)
async def test_a_retired_model_is_told(model: str, when: str) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, model=model))
    (warning,) = details(chunks, "warning")
    assert warning.startswith(f"model {model}: ")
    assert when in warning
    assert MODEL in warning


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, "invalid_request"), (401, "authentication"), (403, "permission"), (404, "not_found"), (429, "rate_limited"),
     (500, "server")],
)  # fmt: skip
async def test_what_the_host_refuses(tmp_path: Path, api: str, status: int, kind: str) -> None:
    script = [[refuse(status, "No.")]] * 4
    error = await failed(api, script=script, output_dir=tmp_path, max_retries=0)
    assert (error.error_info["kind"], error.error_info["status"]) == (kind, status)
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("reason", "raw"), [("content_filter", "IMAGE_SAFETY"), ("other", "NO_IMAGE"), ("stop", "STOP"), ("length", None)]
)
async def test_an_answer_without_a_picture(tmp_path: Path, reason: str, raw: str | None) -> None:
    script = [[done(reason, raw_finish_reason=raw)]]
    error = await failed(script=script, output_path=tmp_path / "a.png")
    assert error.error_info["kind"] == "content_filter"
    assert names(tmp_path) == []


async def test_a_draft_alone_is_no_picture() -> None:
    draft = whole(provider_data={"google.generate_content": {"thought": True}})
    error = await failed(script=[[draft, done("other", raw_finish_reason="IMAGE_OTHER")]])
    assert "without an image" in error.error


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("fault", ["500", "cut;after=0", "malformed;after=0", "html;code=200", "error;after=0"])
async def test_what_goes_wrong_leaves_no_file(tmp_path: Path, api: str, fault: str) -> None:
    error = await failed(api, faults=[fault] * 3, output_path=tmp_path / "a.png", max_retries=0)
    assert error.error
    assert names(tmp_path) == []


async def test_a_stream_that_breaks_behind_the_picture_loses_nothing(tmp_path: Path) -> None:
    async with Simulator([[whole(), cut()]]) as sim:
        chunks = await read(made(sim, output_path=tmp_path / "a.png"))
        assert len(sim.requests) == 1
    (final,) = finals(chunks)
    assert (stored(tmp_path / "a.png"), final.continuation_id) == (PNG, None)
    assert (chunks[-1].finish_reason, len(of_type(chunks, "error"))) == ("incomplete", 1)


async def test_two_pictures_in_one_answer(tmp_path: Path) -> None:
    async with Simulator([[whole(), whole(media_id="n")]]) as sim:
        chunks = await read(made(sim, output_dir=tmp_path))
    first, second = finals(chunks)
    assert first.media_id != second.media_id
    assert first.continuation_id == second.continuation_id is not None
    assert len(names(tmp_path)) == 2
    assert [one.media_id for one in previews(chunks)] == [first.media_id, second.media_id]


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("leave", ["cancel", "break", "task"])
async def test_leaving_closes_the_connection_and_leaves_no_file(tmp_path: Path, api: str, leave: str) -> None:
    async with Simulator([[whole(), stall()]]) as sim:
        chunks = await left(sim, made(sim, api, output_path=tmp_path / "a.png"), "media", leave)
    assert names(tmp_path) == []
    if leave == "cancel":
        assert chunks[-1].finish_reason == "cancelled"


async def test_an_image_that_it_does_not_take() -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, input_images=b"GIF89a" + b"\0" * 20))
        assert sim.requests == []
    assert "image 1 is image/gif, which is not one of image/png" in of_type(chunks, "error")[0].error


async def test_the_result_alone(tmp_path: Path) -> None:
    async with Simulator() as sim:
        result = await collect_media(
            WORDS, "image", backend_type="gemini", api_key=KEY, base_url=sim.url("google"), environ={},
            output_dir=tmp_path,
        )  # fmt: skip
    assert (result.success, result.backend_name, result.model_used) == (True, "google", MODEL)
    assert looked_at(stored(str(result.output_path))) == ((96, 64), "PNG")
    assert str(result.continuation_id).startswith("gemini_chat_")


@pytest.mark.skipif(not available("google.image"), reason=skip_reason("google.image"))
async def test_a_recorded_answer() -> None:
    found = (one for one in recordings("google.image") if one.meta["kind"] == "unary" and one.expect["text"])
    recording = next((one for one in found if len(one.expect["media"]) == 1), None)
    if recording is None:
        pytest.skip("no recording of one picture")
    async with Simulator([[stream_of_document("google.generate_content", recording.body)]]) as sim:
        chunks = await read(made(sim, model="gemini-2.5-flash-image"))
    (final,) = finals(chunks)
    (wanted,) = recording.expect["media"]
    metadata = final.media_metadata
    assert (metadata.size_bytes, metadata.checksum) == (wanted["size"], f"sha256:{wanted['sha256']}")
    assert "".join(chunk.content for chunk in of_type(chunks, "content")) == recording.expect["text"]
    assert len(previews(chunks)) == 1


def test_shapes_and_sizes_are_those_of_the_sdk() -> None:
    literal = get_args(imageresponseformat.ImageResponseFormatAspectRatio)[0]
    assert set(RATIOS) == set(get_args(literal))
    assert set(sizes_of("any")) == set(get_args(get_args(imageresponseformat.ImageResponseFormatImageSize)[0]))
