"""Images by the image tool of OpenAI's language models, through its SDK, against the simulator."""

from __future__ import annotations

import io
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from openai.types.responses import response_create_params, tool_param
from PIL import Image

from massgen_stream.errors import ConfigurationError
from massgen_stream.generation import collect_media, explain_media, generate_media
from massgen_stream.generation.registry import DEFAULT_MODELS, generators_of
from massgen_stream.generation.vendors.openai.image_tool import OpenAIImageTool
from massgen_stream.simulator import Simulator, refuse, stall, text
from massgen_stream.simulator.answers.drawn import drawn
from massgen_stream.stream_chunk.kinds import MediaType
from massgen_stream.stream_chunk.narrow import server_tool_call, start

from ....media.files import mask, picture
from ....simulator.polling import until
from ...fakes import PNG
from ...leaving import left
from ...openai import KEY, PROMPT, last, made
from ...reading import details, finals, names, of_type, previews, read, stored

pytestmark = pytest.mark.anyio
MODEL = "gpt-6.1-terra"
TOOL: dict[str, Any] = {"extra_params": {"image_generation": True}}
BLOCKED = {"code": "moderation_blocked", "message": "Blocked by our safety system.", "type": "image_generation_error"}


def drawn_with(sim: Simulator, **settings: Any) -> dict[str, Any]:
    """Return what the last request asks of the tool, besides *settings*."""
    (tool,) = last(sim).json["tools"]
    assert tool.keys() <= tool_param.ImageGeneration.__annotations__.keys()
    left = {name: value for name, value in tool.items() if settings.get(name, ...) != value}
    assert settings.items() <= tool.items(), tool
    return left


def chosen(**options: Any) -> str:
    """Return what the explanation says of the two generators of OpenAI, and nobody else."""
    lines = explain_media(environ={"OPENAI_API_KEY": "k", "GEMINI_API_KEY": "k"}, **options)
    return " | ".join(line for line in lines if line.startswith("openai"))


def test_the_images_api_comes_first_unless_the_tool_is_asked_for() -> None:
    assert OpenAIImageTool in generators_of("openai")
    assert DEFAULT_MODELS["openai"][MediaType.IMAGE] == "gpt-image-2.6-sunburst"
    first, second = "openai: chosen, with gpt-image-2.6-sunburst", f"openai: chosen, with {MODEL}"
    assert chosen() == f"{first} | openai (OpenAI, {MODEL}): able, but comes later"
    assert chosen(model="gpt-image-1.5").startswith("openai: chosen, with gpt-image-1.5 | openai (")
    for options in (TOOL, {"continue_from": "resp_1"}, {"model": MODEL}, {"input_images": {"file_id": "file-1"}}):
        assert chosen(**options).endswith(second), options
    assert chosen(model="gpt-image-1.5", **TOOL).endswith("openai: chosen, with gpt-image-1.5")


def test_ids_of_others_are_not_continued() -> None:
    for wrong, said in (("img_1", "their ids begin"), ("grok_img_1", "it is of its making, but openai is asked for")):
        with pytest.raises(ConfigurationError, match=said):
            generate_media("a", backend_type="openai", api_key="k", environ={}, continue_from=wrong)


async def test_previews_and_the_picture(tmp_path: Path) -> None:
    async with Simulator(api_key=KEY) as sim:
        chunks = await read(made(sim, size="96x64", output_path=tmp_path / "a.png", **TOOL))
        body = last(sim).json
        assert last(sim).path == "/v1/responses"
        assert drawn_with(sim, type="image_generation", size="96x64", partial_images=2) == {}
        await until(lambda: sim.connections() == 0)
    assert body.keys() <= response_create_params.ResponseCreateParamsBase.__annotations__.keys() | {"stream"}
    assert {name: value for name, value in body.items() if name != "tools"} == {
        "model": MODEL, "stream": True, "tool_choice": {"type": "image_generation"},
        "input": [{"role": "user", "content": PROMPT}],
    }  # fmt: skip
    (final,) = finals(chunks)
    assert [one.chunk_index for one in previews(chunks)] == [0, 1]
    assert {one.media_id for one in previews(chunks)} == {final.media_id}
    with Image.open(io.BytesIO(stored(tmp_path / "a.png"))) as image:
        assert (image.size, image.format) == ((96, 64), "PNG")
    assert (chunks[0].model, chunks[0].response_id, final.continuation_id) == (MODEL, "resp_sim_1", "resp_sim_1")
    assert (chunks[-1].finish_reason, chunks[-1].usage_source) == ("stop", "reported")
    assert "".join(one.content for one in of_type(chunks, "content")).startswith("You asked")


async def test_a_picture_is_continued_twice(tmp_path: Path) -> None:
    async with Simulator() as sim:
        told = {"api_key": KEY, "base_url": sim.url("openai"), "backend_type": "openai", "environ": {}}
        first = await collect_media(PROMPT, "image", output_dir=tmp_path, **TOOL, **told)
        assert "previous_response_id" not in last(sim).json
        second = await collect_media("at night", "image", continue_from=first.continuation_id, **told)
        assert last(sim).json["previous_response_id"] == "resp_sim_1"
        assert last(sim).json["input"] == [{"role": "user", "content": "at night"}]
        third = await collect_media(
            "with rain", "image", continue_from=second.continuation_id, model="gpt-image-1.5", edit_mode="edit", **told
        )
        assert last(sim).json["previous_response_id"] == "resp_sim_2"
        assert (last(sim).json["model"], drawn_with(sim, action="edit", model="gpt-image-1.5")["type"]) == (
            MODEL, "image_generation"
        )  # fmt: skip
    assert [one.continuation_id for one in (first, second, third)] == ["resp_sim_1", "resp_sim_2", "resp_sim_3"]
    assert [one.success for one in (first, second, third)] == [True] * 3


async def test_what_is_not_stored_cannot_be_continued() -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, extra_params={"image_generation": True, "store": False}))
        assert last(sim).json["store"] is False
    assert finals(chunks)[0].continuation_id is None


async def test_ids_of_another_kind_are_not_handed_out() -> None:
    other = start(model=MODEL, response_id="r-1")
    async with Simulator([[other, *drawn("ig_1", (32, 32))]]) as sim:
        chunks = await read(made(sim, **TOOL))
    assert (chunks[0].response_id, finals(chunks)[0].continuation_id) == ("r-1", None)


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        ({"quality": "low", "partial_images": 0}, {"quality": "low", "partial_images": 0}),
        ({"aspect_ratio": "16:9"}, {"size": "1536x864"}),
        ({"background": "transparent"}, {"background": "transparent"}),
        (
            {"output_format": "jpg", "output_compression": 0},
            {"output_format": "jpeg", "output_compression": 0, "partial_images": 2},
        ),
        ({"model": "gpt-image-2.6-flare"}, {"model": "gpt-image-2.6-flare"}),
        ({"extra_params": {"image_generation": {"model": "gpt-image-1.5"}}}, {"model": "gpt-image-1.5"}),
        (
            {"extra_params": {"image_generation": True, "moderation": "low", "input_fidelity": "high"}},
            {"moderation": "low", "input_fidelity": "high"},
        ),
    ],
)
async def test_parameters(options: dict[str, Any], settings: dict[str, Any]) -> None:
    given = {"size": "64x64", **TOOL, **options} if "aspect_ratio" not in options else {**TOOL, **options}
    given |= {"size": "auto"} if "1.5" in str(options) else {}
    async with Simulator() as sim:
        chunks = await read(made(sim, **given))
        drawn_with(sim, **settings)
        assert last(sim).json["model"] == MODEL
    assert len(finals(chunks)) == 1
    assert len(previews(chunks)) == options.get("partial_images", 2)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "gif"])
async def test_formats(tmp_path: Path, kind: str) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, size="64x48", output_format=kind, output_dir=tmp_path, **TOOL))
        assert ("partial_images" in last(sim).json["tools"][0]) is (kind != "gif")
    (final,) = finals(chunks)
    with Image.open(io.BytesIO(stored(final.path))) as image:
        assert (image.size, image.format) == ((64, 48), kind.upper())


async def test_a_drawing_of_lines(tmp_path: Path) -> None:
    async with Simulator() as sim:
        chunks = await read(made(sim, size="64x48", output_format="svg", output_dir=tmp_path, **TOOL))
        assert "partial_images" not in last(sim).json["tools"][0]
    (final,) = finals(chunks)
    assert (final.media_metadata.mime_type, Path(final.path).suffix) == ("image/svg+xml", ".svg")


async def test_what_goes_to_the_language_model() -> None:
    extra = {"reasoning": {"effort": "low"}, "metadata": {"a": "b"}}
    async with Simulator() as sim:
        await read(made(sim, model="gpt-6-luna", extra_params=extra))
        assert last(sim).json["model"] == "gpt-6-luna"
        assert {name: last(sim).json[name] for name in extra} == extra


async def test_inputs_are_sent_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "m.png").write_bytes(mask(64, 48))
    url = "https://example.org/a.png"
    given: dict[str, Any] = {"input_images": [picture(), url, {"file_id": "file-1"}], "reference_images": picture()}
    async with Simulator() as sim:
        await read(made(sim, edit_mode="inpaint", mask_path=tmp_path / "m.png", **given, **TOOL))
        said, first, second, third, fourth = last(sim).json["input"][0]["content"]
        masking = last(sim).json["tools"][0]["input_image_mask"]["image_url"]
    assert said == {"type": "input_text", "text": PROMPT}
    assert {one["type"] for one in (first, second, third, fourth)} == {"input_image"}
    assert (second["image_url"], third["file_id"]) == (url, "file-1")
    for one, bare in ((first["image_url"], picture()), (fourth["image_url"], picture()), (masking, mask(64, 48))):
        assert b64decode(one.removeprefix("data:image/png;base64,")) == bare


@pytest.mark.parametrize("is_masked", [True, False])
async def test_an_image_that_a_mask_must_fit_is_read(tmp_path: Path, is_masked: bool) -> None:
    (tmp_path / "m.png").write_bytes(mask(32, 24))
    url = "http://127.0.0.1:9/a.png"
    async with Simulator() as sim:
        given: dict[str, Any] = {"mask_path": tmp_path / "m.png"} if is_masked else {}
        chunks = await read(made(sim, input_images=url, **given, **TOOL))
        if is_masked:
            assert sim.requests == []
            assert "127.0.0.1" in of_type(chunks, "error")[0].error
        else:
            assert last(sim).json["input"][0]["content"][1]["image_url"] == url


@pytest.mark.parametrize("image", [{"file_id": "file-1"}, picture()])
async def test_a_mask_is_looked_at(tmp_path: Path, image: Any) -> None:
    (tmp_path / "m.png").write_bytes(mask(32, 24))
    async with Simulator() as sim:
        chunks = await read(made(sim, input_images=image, mask_path=tmp_path / "m.png", **TOOL))
        before = len(sim.requests)
        assert before == 1
        (tmp_path / "m.png").write_bytes(picture())
        (error,) = of_type(await read(made(sim, input_images=image, mask_path=tmp_path / "m.png", **TOOL)), "error")
        assert len(sim.requests) == before
    told = ["openai: the mask is resized from 32x24 to 64x48, the size of its picture"]
    assert details(chunks, "loss") == ([] if isinstance(image, dict) else told)  # nobody here knows the size of a file
    assert error.error.startswith("the mask has no alpha channel")


async def test_a_mask_wins_over_what_is_continued(tmp_path: Path) -> None:
    (tmp_path / "m.png").write_bytes(mask())
    async with Simulator() as sim:
        given: dict[str, Any] = {"input_images": picture(), "mask_path": tmp_path / "m.png", "continue_from": "resp_1"}
        chunks = await read(made(sim, **given, **TOOL))
        assert "previous_response_id" not in last(sim).json
    assert details(chunks, "loss") == [
        "mask_path and continue_from are both given; the mask counts, and nothing is continued"
    ]


async def test_losses_are_told() -> None:
    async with Simulator() as sim:
        given: dict[str, Any] = {"size": "1024x1024", "aspect_ratio": "16:9", "seed": 7}
        chunks = await read(made(sim, **given, extra_params={"image_generation": True, "stop": ["x"]}))
    assert details(chunks, "loss")[:2] == [
        "openai: seed is left out, since it has no such option",
        "openai: aspect_ratio is left out, since size says it",
    ]
    assert "stop" in details(chunks, "loss")[2]
    assert "stop" not in last(sim).json


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"size": "1000x1000"}, "size is 1000x1000; gpt-image-2.6-sunburst makes auto"),
        ({"size": "1536x864", "model": "gpt-image-1.5"}, "gpt-image-1.5 makes auto, 1024x1024"),
        (
            {"size": "1536x864", "extra_params": {"image_generation": {"model": "gpt-image-1-mini"}}},
            "gpt-image-1-mini makes auto, 1024x1024",
        ),
        ({"partial_images": 4}, "it sends at most 3"),
        ({"markup_path": "m.png", "input_images": PNG}, "it does not know markup_path"),
        ({"output_compression": 5}, "output_compression goes with jpeg and webp"),
        ({"edit_mode": "inpaint"}, "edit_mode inpaint needs a mask_path"),
    ],
)
def test_what_cannot_be_is_refused_at_the_call(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        generate_media("a", backend_type="openai", api_key="k", environ={}, continue_from="resp_1", **options)
    assert said in str(refused.value)


async def failed(script: Any = None, faults: Any = None, **options: Any) -> Any:
    async with Simulator(script, faults) as sim:
        chunks = await read(made(sim, **{**TOOL, **options}))
        await until(lambda: sim.connections() == 0)
    (error,) = of_type(chunks, "error")
    assert finals(chunks) == []
    assert KEY not in repr(chunks)
    return error, chunks


async def test_settings_that_are_none() -> None:
    error, _ = await failed(extra_params={"image_generation": "yes"})
    assert error.error_info["kind"] == "invalid_request"
    assert "must be true or an object of settings, not str" in error.error


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "moderation_blocked", "content_filter"),
        (400, "previous_response_not_found", "not_found"),
        (401, None, "authentication"),
        (429, "insufficient_quota", "quota"),
    ],
)
async def test_what_the_host_refuses(tmp_path: Path, status: int, code: str | None, kind: str) -> None:
    error, _ = await failed([refuse(status, "No.", code=code)], output_dir=tmp_path, max_retries=0)
    assert (error.error_info["kind"], names(tmp_path)) == (kind, [])


async def test_a_tool_that_fails_says_why(tmp_path: Path) -> None:
    item = {"id": "ig_1", "type": "image_generation_call", "status": "failed", "error": BLOCKED}
    call = server_tool_call(
        "ig_1", "image_generation", status="failed", provider_data={"openai.responses": {"item": item}}
    )
    error, chunks = await failed([[call, text("I cannot draw that.")]], output_dir=tmp_path)
    assert (error.error_info["kind"], error.error_info["code"]) == ("content_filter", "moderation_blocked")
    assert error.error == BLOCKED["message"]
    assert (chunks[-1].finish_reason, chunks[-1].usage_source, names(tmp_path)) == ("error", "reported", [])


async def test_words_instead_of_a_picture() -> None:
    error, chunks = await failed([[text("I would rather not.")]])
    assert (error.error_info["kind"], chunks[-1].finish_reason) == ("media", "error")
    assert "answered without a picture" in error.error
    assert [one.content for one in of_type(chunks, "content")] == ["I would rather not."]


@pytest.mark.parametrize("fault", ["500", "cut;after=600", "malformed;after=0", "html;code=200", "error;after=0"])
async def test_what_goes_wrong_leaves_no_file(tmp_path: Path, fault: str) -> None:
    error, _ = await failed(faults=[fault] * 3, size="32x32", output_path=tmp_path / "a.png", max_retries=0)
    assert error.error
    assert names(tmp_path) == []


@pytest.mark.parametrize("leave", ["cancel", "break", "task"])
async def test_leaving_closes_the_connection_and_leaves_no_file(tmp_path: Path, leave: str) -> None:
    async with Simulator([[next(drawn("m", (32, 32), 1)), stall()]]) as sim:
        await left(made(sim, output_path=tmp_path / "a.png", **TOOL), leave, "media")
        await until(lambda: sim.connections() == 0)
    assert names(tmp_path) == []
