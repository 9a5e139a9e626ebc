"""Who makes it, and why not the others."""

from __future__ import annotations

from typing import Any

import pytest

from massgen_stream.errors import ConfigurationError, MissingExtra, MissingKey, UnknownProvider
from massgen_stream.generation import GenerationConfig, Policy, explain_media, generate_media
from massgen_stream.generation.generator import Generator
from massgen_stream.generation.selector import Selection, refusal, select

from .fakes import maker, plain
from .reading import details, read

FIRST = maker("first", key=True, image=plain(priority=10, models=("one-*",), options=frozenset({"seed"})))
EDITOR = maker(
    "editor",
    key=True,
    image=plain(
        priority=20, default_model="edit-1", options=frozenset({"input_images", "mask_path"}), continuation="editor_img"
    ),
)
NAMED = maker("named", key=True, image=plain(priority=None, default_model="old-1"), video=plain(priority=1))
LAST = maker("last", image=plain(priority=1000, default_model="sketch"))
ALL: tuple[type[Generator], ...] = (LAST, NAMED, EDITOR, FIRST)
KEYS = {"FIRST_KEY": "k", "EDITOR_KEY": "k", "NAMED_KEY": "k"}


def selected(environ: dict[str, str] | None = None, policy: Policy = Policy.DEGRADE, **fields: Any) -> Selection:
    config = GenerationConfig.of(**{"prompt": "a", **fields})
    return select(config, KEYS if environ is None else environ, policy=policy, known=ALL)


def name(selection: Selection) -> str | None:
    return selection.chosen.generator.name if selection.chosen is not None else None


@pytest.mark.parametrize(
    ("environ", "fields", "chosen", "model"),
    [
        (KEYS, {}, "first", "fake-1"),
        ({"EDITOR_KEY": "k"}, {}, "editor", "edit-1"),
        ({"NAMED_KEY": "k"}, {}, "last", "sketch"),
        ({}, {}, "last", "sketch"),
        ({"FIRST_KEY": "  "}, {}, "last", "sketch"),
        (KEYS, {"backend": "auto"}, "first", "fake-1"),
        (KEYS, {"backend": "named"}, "named", "old-1"),
        (KEYS, {"backend": "named", "model": "anything"}, "named", "anything"),
        (KEYS, {"model": "old-1"}, "named", "old-1"),
        (KEYS, {"model": "one-7"}, "first", "one-7"),
        (KEYS, {"input_images": "a.png"}, "editor", "edit-1"),
        (KEYS, {"input_images": "a.png", "mask_path": "m.png"}, "editor", "edit-1"),
        (KEYS, {"continue_from": "editor_img_0123456789ab"}, "editor", "edit-1"),
        (KEYS, {"media_type": "video"}, "named", "fake-1"),
    ],
)
def test_the_choice(environ: dict[str, str], fields: dict[str, Any], chosen: str, model: str) -> None:
    found = selected(environ, **fields)
    assert (name(found), found.model) == (chosen, model)


def test_a_strict_request_prefers_who_knows_every_option() -> None:
    assert name(selected({}, seed=3)) == "last"
    assert name(selected({}, Policy.STRICT, seed=3)) is None
    assert name(selected(None, Policy.STRICT, seed=3)) == "first"
    assert name(selected(None, Policy.STRICT, quality="hd")) is None


def test_the_reasons_can_be_read() -> None:
    assert selected({"EDITOR_KEY": "k"}, quality="hd").lines() == [
        "first (First, fake-1): no key; set FIRST_KEY",
        "editor: chosen, with edit-1; quality is left out, since it has no such option",
        "last (Last, sketch): able, but comes later",
        "named (Named, old-1): only chosen by name or model",
    ]
    assert selected(backend="first", input_images="a.png").lines() == [
        "first (First, fake-1): it does not know input_images",
        "editor (Editor, edit-1): first is asked for",
        "last (Last, sketch): first is asked for",
        "named (Named, old-1): first is asked for",
    ]


@pytest.mark.parametrize(
    ("environ", "fields", "said"),
    [
        ({}, {"backend": "first"}, "first needs an API key; set FIRST_KEY"),
        ({}, {"media_type": "video"}, r"nobody who can make this video has a key: named \(set NAMED_KEY\)"),
        ({}, {"input_images": "a.png"}, r"nobody who can make this image has a key: editor \(set EDITOR_KEY\)"),
        (KEYS, {"backend": "first", "media_type": "video"}, "first makes no video; these do: named"),
        (KEYS, {"media_type": "audio"}, "there is no generator of audio"),
        (KEYS, {"backend": "first", "input_images": "a.png"}, r"fake-1\): it does not know input_images"),
        (KEYS, {"model": "none-1"}, r"first \(First, fake-1\): it does not know the model 'none-1'"),
        (KEYS, {"continue_from": "sora_vid_1"}, r"is no medium that can be continued; their ids begin editor_img_…"),
        (KEYS, {"continue_from": "x_1", "media_type": "video"}, "no video can be"),
        (
            KEYS,
            {"continue_from": "editor_img_1", "backend": "first"},
            r"cannot be continued: editor \(Editor, edit-1\): it is of its making, but first is asked for",
        ),
    ],
)
def test_a_refusal_says_what_would_help(environ: dict[str, str], fields: dict[str, Any], said: str) -> None:
    found = selected(environ, **fields)
    problem = refusal(found, GenerationConfig.of(**{"prompt": "a", **fields}))
    with pytest.raises(ConfigurationError, match=said):
        raise problem
    assert isinstance(problem, MissingKey) is ("API key" in said)


def test_of_several_classes_with_one_name_the_first_that_can_does_it() -> None:
    newer = maker(
        "first", key=True, image=plain(priority=11, default_model="new-1", options=frozenset({"input_images"}))
    )
    config = GenerationConfig.of(prompt="a", backend="first", input_images="a.png")
    assert select(config, KEYS, known=(FIRST, newer)).model == "new-1"
    for model, chosen in (("new-1", newer), ("one-2", FIRST), ("other", FIRST)):
        found = select(GenerationConfig(prompt="a", backend="first", model=model), KEYS, known=(FIRST, newer)).chosen
        assert found is not None
        assert found.generator is chosen


def test_a_key_beside_the_environment_opens_the_named_one() -> None:
    config = GenerationConfig(prompt="a", backend="named")
    assert select(config, {}, known=ALL).chosen is None
    assert name(select(config, {}, known=ALL, opened=True)) == "named"


def test_another_name_is_as_good() -> None:
    google = maker("google", image=plain())
    google.aliases = ("gemini",)
    assert name(select(GenerationConfig(prompt="a", backend="gemini"), {}, known=(LAST, google))) == "google"


def test_a_name_that_nobody_has() -> None:
    with pytest.raises(UnknownProvider, match=r"unknown provider 'nobody'; use one of: .*local"):
        select(GenerationConfig(prompt="a", backend="nobody"), {})


def test_a_model_of_another_kind_is_refused_by_its_host() -> None:
    lines = explain_media("a", "image", backend_type="openai", model="gpt-4o-mini-tts", environ={"OPENAI_API_KEY": "k"})
    assert lines[0] == "openai (OpenAI, gpt-image-2.6-sunburst): gpt-4o-mini-tts makes audio, no image"
    with pytest.raises(ConfigurationError, match="gpt-4o-mini-tts makes audio, no image"):
        generate_media("a", "image", backend_type="openai", model="gpt-4o-mini-tts", environ={"OPENAI_API_KEY": "k"})


def test_who_alone_can_do_it_is_found_by_its_door() -> None:
    environ = {"GOOGLE_CLOUD_PROJECT": "p"}
    lines = explain_media("a", "image", style_image_path="a.png", environ=environ)
    assert [line for line in lines if ": chosen" in line] == ["google: chosen, with imagen-3.0-capability-001"]


GONE = {"massgen_nothing_a": "xai", "massgen_nothing_b": "media"}
"""Libraries that nobody has, and the extras that would bring them."""


def without_libraries(generator: type[Generator]) -> type[Generator]:
    return type("Bare", (generator,), {"libraries": GONE})


def test_who_lacks_libraries_is_chosen_by_name_alone() -> None:
    bare = without_libraries(FIRST)
    config = GenerationConfig(prompt="a")
    found = select(config, KEYS, known=(bare, EDITOR))
    assert name(found) == "editor"
    assert found.lines()[0] == "first (First, fake-1): needs: pip install 'massgen-stream[xai,media]'"
    assert name(select(GenerationConfig(prompt="a", backend="first"), KEYS, known=(bare, EDITOR))) == "first"
    by_model = select(GenerationConfig(prompt="a", model="one-7"), KEYS, known=(bare, EDITOR))
    assert by_model.chosen is None


def test_a_refusal_names_what_is_to_be_installed() -> None:
    several = (without_libraries(FIRST), without_libraries(NAMED), EDITOR)
    found = select(GenerationConfig(prompt="a"), {"FIRST_KEY": "k"}, known=several)
    assert str(refusal(found, GenerationConfig(prompt="a"))) == (
        "nobody who can make this image is ready: first (pip install 'massgen-stream[xai,media]');"
        " editor (set EDITOR_KEY)"
    )
    with_both = select(GenerationConfig(prompt="a"), {}, known=several[:1])
    assert str(refusal(with_both, GenerationConfig(prompt="a"))).endswith(
        "first (set FIRST_KEY, pip install 'massgen-stream[xai,media]')"
    )
    assert with_both.lines() == [
        "first (First, fake-1): no key; set FIRST_KEY; pip install 'massgen-stream[xai,media]'"
    ]


def test_a_generator_that_is_named_says_what_it_lacks() -> None:
    with pytest.raises(MissingExtra, match=r"provider 'first' needs .* 'massgen-stream\[xai,media\]'"):
        generate_media("a", "image", backend_type=without_libraries(FIRST), environ=KEYS)


@pytest.mark.anyio
async def test_the_local_engine_says_what_would_bring_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("massgen_stream.backend.requirements._installed", lambda library: library != "xai_sdk")
    environ = {"XAI_API_KEY": "k"}
    assert [line for line in explain_media("a", "video", environ=environ) if ": chosen" in line] == [
        "local: chosen, with film"
    ]
    said = details(await read(generate_media("a", "video", environ=environ, size="64x64", duration=0.25)), "info")[0]
    assert said.startswith("no key is set that could make this")  # nobody with a key makes such a size
    said = details(await read(generate_media("a", "video", environ=environ, duration=1)), "info")[0]
    assert said.startswith("what a key is set for is not installed, so the local engine does")
    assert "for a model's work pip install 'massgen-stream[xai]', or set " in said
    lines = explain_media("a", "image", environ={**environ, "OPENROUTER_API_KEY": "k"})
    assert [line.partition(":")[0] for line in lines if ": chosen" in line] == ["openrouter"]
    assert "grok (xAI Grok, grok-imagine-image-2.0): needs: pip install 'massgen-stream[xai]'" in lines
