"""Media that a host does not take, or is not known to take: refused at the call, or told when they are sent."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from msgspec.structs import replace

from massgen_stream.backend import create_backend
from massgen_stream.errors import ConfigurationError, MediaError
from massgen_stream.provider import get_provider
from massgen_stream.provider.spec import ProviderSpec
from massgen_stream.simulator import Simulator

from ..media.files import audio_file, picture
from .reading import of_type, read

pytestmark = pytest.mark.anyio
IMAGE = {"type": "image", "data": picture()}
SOUND = {"type": "audio", "data": audio_file(), "mime_type": "audio/wav"}
VIDEO = {"type": "video", "url": "https://example.org/a.mp4"}


async def told(
    provider: ProviderSpec | str, *parts: Any, policy: str = "upload", **options: Any
) -> tuple[list[Any], Any]:
    """Return what a stream warns of, and what was sent."""
    said = [{"role": "user", "content": [*parts, {"type": "text", "text": "What is it?"}]}]
    async with (
        Simulator() as sim,
        create_backend(
            provider, base_url=sim.url(_name(provider)), api_key="k", media_policy=policy, **options
        ) as backend,
    ):
        chunks = await read(backend.stream_with_tools(said))
        assert of_type(chunks, "error") == []
        warnings = [one for one in of_type(chunks, "backend_status") if one.status == "warning"]
        return warnings, sim.requests[-1].json


def _name(provider: ProviderSpec | str) -> str:
    return provider if isinstance(provider, str) else provider.name


@pytest.mark.parametrize("policy", ["upload", "fit", "refuse"])
async def test_what_a_host_is_not_known_to_take_is_sent_and_told(policy: str) -> None:
    warnings, sent = await told("groq", IMAGE, SOUND, SOUND, policy=policy)
    assert [(one.detail, one.display) for one in warnings] == [
        ("messages[0].content[1]: audio is sent, and groq is not known to take any", True)
    ]
    kinds = [part["type"] for part in sent["messages"][0]["content"]]
    assert kinds == ["image_url", "input_audio", "input_audio", "text"]
    assert sent["messages"][0]["content"][1]["input_audio"]["data"] == b64encode(audio_file()).decode()


@pytest.mark.parametrize(
    ("provider", "parts"),
    [
        ("groq", [IMAGE]),
        ("vllm", [IMAGE, SOUND, VIDEO]),
        ("claude", [IMAGE]),
        ("gemini", [IMAGE, SOUND]),
        ("grok", [IMAGE]),
    ],
)
async def test_what_a_host_takes_needs_no_words(provider: str, parts: list[Any]) -> None:
    warnings, _ = await told(provider, *parts)
    assert warnings == []


@pytest.mark.parametrize("provider", ["claude", "openai", "grok", "gemini"])
async def test_every_backend_tells_it(provider: str) -> None:
    spec = get_provider(provider)
    known = {kind: size for kind, size in spec.input_media.items() if kind != "image"}
    warnings, _ = await told(replace(spec, input_media=known), IMAGE)
    assert [one.detail for one in warnings] == [
        f"messages[0].content[0]: an image is sent, and {provider} is not known to take any"
    ]


async def test_what_the_wire_cannot_hold_is_a_loss_and_not_sent() -> None:
    warnings, sent = await told("claude", SOUND)
    assert warnings == []
    assert "audio" not in str(sent)


@pytest.mark.parametrize(("provider", "model"), [("deepseek", "deepseek-v4-pro"), ("cerebras", "gpt-oss-120b")])
@pytest.mark.parametrize("source", [IMAGE, {"type": "image", "url": "https://example.org/a.png"}])
def test_what_a_model_is_known_to_refuse_is_refused_at_the_call(provider: str, model: str, source: Any) -> None:
    backend = create_backend(provider, api_key="k", model=model)
    with pytest.raises(MediaError) as refused:
        backend.stream_with_tools([{"role": "user", "content": [source]}])
    assert str(refused.value) == (f"messages[0].content[0]: {model} takes no image; leave it out, or ask another model")
    made = {"role": "assistant", "content": [IMAGE, {"type": "text", "text": "a"}]}
    backend.stream_with_tools([{"role": "user", "content": "a"}, made, {"role": "user", "content": "b"}])


@pytest.mark.parametrize(("provider", "model"), [("deepseek", "deepseek-flash"), ("cerebras", "gemma-4-31b")])
async def test_other_models_of_the_host_take_it(provider: str, model: str) -> None:
    warnings, sent = await told(provider, IMAGE, model=model)
    assert [one.detail for one in warnings if "messages" in one.detail] == []
    assert sent["messages"][0]["content"][0]["type"] == "image_url"


def test_a_kind_that_does_not_exist_is_no_kind() -> None:
    with pytest.raises(ConfigurationError, match="'smell' is not one of"):
        ProviderSpec(name="a", title="A", protocol="p", default_model="m", refused_media={"m": ("smell",)})
