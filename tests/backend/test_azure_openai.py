"""Azure's surfaces with the real openai SDK: its own client for deployments, the plain one for v1."""

from collections.abc import Awaitable
from typing import Any

import pytest

from massgen_stream.backend import AzureOpenAIBackend, create_backend, openai_client, sdk_client
from massgen_stream.backend.azure_openai import API_VERSION, sees
from massgen_stream.errors import ConfigurationError, MissingKey
from massgen_stream.simulator import Simulator

from .reading import HELLO, error_info, read, text

pytestmark = pytest.mark.anyio
KEY = "key-of-mine-0123456789"
ENDPOINT = "https://mine.openai.azure.com"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY", "OPENAI_API_VERSION", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def backend(url: str, **options: Any) -> AzureOpenAIBackend:
    return AzureOpenAIBackend(base_url=url, **{"api_key": KEY, "model": "my-deployment", **options})


async def test_a_deployment() -> None:
    async with Simulator(api_key=KEY) as sim, backend(sim.url("azure_openai")) as azure:
        chunks = await read(azure.stream_with_tools(HELLO, max_tokens=50))
        (request,) = sim.requests
        assert text(chunks)
        assert (chunks[0].provider, chunks[0].model) == ("azure_openai", "my-deployment")
        assert chunks[-1].usage_source == "reported"
        assert request.path == "/openai/deployments/my-deployment/chat/completions"
        assert request.query == {"api-version": API_VERSION}
        assert {"api-key": "(hidden)"}.items() <= request.headers.items()
        assert "authorization" not in request.headers
        assert request.json["max_completion_tokens"] == 50
        assert request.json["stream_options"] == {"include_usage": True}


async def test_the_v1_surface() -> None:
    async with Simulator(api_key=KEY) as sim, backend(sim.url("azure_openai") + "/openai/v1/") as azure:
        assert text(await read(azure.stream_with_tools(HELLO)))
        (request,) = sim.requests
        assert request.path == "/openai/v1/chat/completions"
        assert request.query == {}
        assert request.json["model"] == "my-deployment"
        assert "authorization" in request.headers


def at_once() -> str:
    return KEY


async def awaited() -> str:
    return KEY


def promised() -> Awaitable[str]:
    return awaited()


@pytest.mark.parametrize("provider", [at_once, awaited, promised])
@pytest.mark.parametrize("suffix", ["", "/openai/v1"])
async def test_a_token_instead_of_a_key(monkeypatch: pytest.MonkeyPatch, provider: Any, suffix: str) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "another-key")
    async with Simulator(api_key=KEY) as sim:
        url = sim.url("azure_openai") + suffix
        async with backend(url, api_key=None, azure_ad_token_provider=provider) as azure:
            assert text(await read(azure.stream_with_tools(HELLO)))
        assert "authorization" in sim.requests[0].headers
        assert "api-key" not in sim.requests[0].headers


async def test_a_wrong_key_is_told_without_the_key() -> None:
    async with Simulator(api_key="the right one") as sim, backend(sim.url("azure_openai")) as azure:
        chunks = await read(azure.stream_with_tools(HELLO))
        assert error_info(chunks)["kind"] == "authentication"
        assert KEY not in str([chunk.to_dict() for chunk in chunks])


async def test_the_version_and_the_deployment_that_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_VERSION", "2024-10-21")
    async with Simulator() as sim:
        monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", sim.url("azure_openai"))
        async with create_backend("azure_openai", api_key=KEY, azure_deployment="other", model="gpt-4o") as azure:
            await read(azure.stream_with_tools(HELLO))
        async with create_backend("azure_openai", api_key=KEY, api_version="2025-01-01", model="m") as azure:
            await read(azure.stream_with_tools(HELLO, model="third"))
        first, second = sim.requests
        assert first.path == "/openai/deployments/other/chat/completions"
        assert first.query["api-version"] == "2024-10-21"
        assert second.path == "/openai/deployments/third/chat/completions"
        assert second.query["api-version"] == "2025-01-01"


@pytest.mark.parametrize(
    ("suffix", "path", "query"),
    [
        ("", "/openai/responses", {"api-version": API_VERSION}),
        ("/openai/v1", "/openai/v1/responses", {}),
    ],
)
async def test_responses(suffix: str, path: str, query: dict[str, str]) -> None:
    async with Simulator(api_key=KEY) as sim:
        url = sim.url("azure_openai") + suffix
        async with backend(url, api="responses") as azure:
            chunks = await read(azure.stream_with_tools(HELLO, max_tokens=50))
        (request,) = sim.requests
        assert text(chunks)
        assert chunks[-1].usage_source == "reported"
        assert (request.path, request.query) == (path, query)
        assert request.json["model"] == "my-deployment"
        assert request.json["max_output_tokens"] == 50


async def test_a_background_response_goes_on_after_a_cut() -> None:
    async with Simulator(faults=["cut;after=2000"]) as sim, backend(sim.url("azure_openai"), api="responses") as azure:
        chunks = await read(azure.stream_with_tools(HELLO, background=True))
        assert chunks[-1].finish_reason == "stop"
        assert [request.method for request in sim.requests] == ["POST", "GET"]
        assert sim.requests[1].query["api-version"] == API_VERSION


PASTED = pytest.mark.parametrize("suffix", ["/openai", "/openai/", "/openai/deployments/named"])


@PASTED
async def test_addresses_as_people_paste_them(suffix: str) -> None:
    async with Simulator() as sim, backend(sim.url("azure_openai") + suffix) as azure:
        assert text(await read(azure.stream_with_tools(HELLO)))
        deployment = "named" if "named" in suffix else "my-deployment"
        assert sim.requests[0].path == f"/openai/deployments/{deployment}/chat/completions"


async def test_on_this_machine_no_key_is_needed() -> None:
    async with Simulator() as sim, backend(sim.url("azure_openai"), api_key=None) as azure:
        assert text(await read(azure.stream_with_tools(HELLO)))


async def test_tools_and_closing() -> None:
    tool = {"name": "add", "description": "Adds.", "parameters": {"type": "object"}}
    async with Simulator() as sim, backend(sim.url("azure_openai")) as azure:
        chunks = await read(azure.stream_with_tools(HELLO, [tool], tool_choice="required"))
        assert chunks[-1].finish_reason == "tool_calls"
        async for chunk in azure.stream_with_tools(HELLO):
            if chunk.type == "content":
                break
    assert sim.connections() == 0


@pytest.mark.parametrize("suffix", ["", "/openai/v1"])
async def test_another_library_carries_the_bytes_and_is_no_field_of_the_request(
    monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    made: list[str] = []

    def new_http_client(sdk: Any, library: str) -> Any:
        made.append(library)
        return sdk_client.new_http_client(sdk, library)

    monkeypatch.setattr(openai_client, "new_http_client", new_http_client)
    async with Simulator() as sim, backend(sim.url("azure_openai") + suffix, http_library="aiohttp") as azure:
        assert text(await read(azure.stream_with_tools(HELLO)))
        assert "http_library" not in sim.requests[0].json
    assert made == ["aiohttp"]


def test_what_is_missing_is_named() -> None:
    with pytest.raises(ConfigurationError, match="set AZURE_OPENAI_ENDPOINT or base_url"):
        create_backend("azure_openai", api_key=KEY)
    with pytest.raises(MissingKey, match="AZURE_OPENAI_API_KEY"):
        create_backend("azure_openai", base_url=ENDPOINT)
    backend(ENDPOINT, api_key=None, azure_ad_token_provider=at_once)
    with pytest.raises(ConfigurationError, match="must be a function that returns a token"):
        backend(ENDPOINT, azure_ad_token_provider="eyJ0eXAi")
    wrongs: tuple[Any, ...] = ("assistants", [])
    for wrong in wrongs:
        with pytest.raises(ConfigurationError, match=r"has no api .*; it has: chat, responses"):
            create_backend("azure_openai", api=wrong, base_url=ENDPOINT, api_key=KEY)


@pytest.mark.parametrize(
    ("deployment", "family", "seeing"),
    [
        ("gpt-4o", None, True),
        ("GPT-4o-mini", None, True),
        ("gpt-6.1-terra", None, True),
        ("my-deployment", None, False),
        ("my-deployment", "gpt-4o", True),
        ("my-vision-model", None, True),
        ("prod-gpt-4v", None, True),
        ("gpt-35-turbo", None, False),
    ],
)
def test_images_by_model_family_or_name(deployment: str, family: str | None, seeing: bool) -> None:
    assert sees(family, deployment) is seeing
    azure = backend(ENDPOINT, model=deployment, model_family=family)
    assert azure.supports_multimodal_input()["image"] is seeing
    assert azure.get_max_media_size("image") == (20 * 2**20 if seeing else None)
    assert azure.validate_media_input("image", b"x") is seeing
