import subprocess
import sys

import pytest

import massgen_stream.backend
from massgen_stream.backend import ChatCompletionsBackend, create_backend
from massgen_stream.backend.factory import BACKENDS, backend_class, libraries_of
from massgen_stream.errors import MissingKey, UnknownProtocol, UnknownProvider
from massgen_stream.provider import ProviderSpec, providers
from massgen_stream.wire import PROTOCOLS


@pytest.fixture(autouse=True)
def without_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for spec in providers().values():
        for name in (*spec.api_key_env, *spec.base_url_env):
            monkeypatch.delenv(name, raising=False)


def test_a_backend_by_name() -> None:
    backend = create_backend("groq", api_key="k-1234", model="any/model", temperature=0.5, total_timeout=9)
    assert isinstance(backend, ChatCompletionsBackend)
    assert (backend.get_provider_name(), backend.model) == ("groq", "any/model")
    assert backend.account.base_url == "https://api.groq.com/openai/v1"
    assert (backend.options, backend.limits.total_timeout) == ({"temperature": 0.5}, 9)


def test_every_provider_has_a_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://mine.openai.azure.com")  # the one without an address
    for name in providers():
        assert create_backend(name, api_key="k-1234").get_provider_name() == name


def test_every_provider_has_a_backend_and_every_backend_a_wire() -> None:
    known, kinds = set(BACKENDS), {provider.backend or provider.protocol for provider in providers().values()}
    assert kinds <= known
    own = {provider.backend for provider in providers().values()}
    assert known - own <= {*PROTOCOLS, "grok"}  # gRPC messages have no wire of bytes


def test_unknown_provider() -> None:
    with pytest.raises(UnknownProvider, match="chatcompletion"):
        create_backend("nobody")


def test_missing_key() -> None:
    with pytest.raises(MissingKey, match="GROQ_API_KEY"):
        create_backend("groq")


def test_keys_and_addresses_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k-1234")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://here/v1")
    account = create_backend("chatcompletion").account
    assert (account.api_key, account.base_url) == ("k-1234", "http://here/v1")


def test_a_provider_of_ones_own() -> None:
    spec = ProviderSpec(name="mine", title="Mine", protocol="openai.chat", default_model="m", key_required=False)
    assert create_backend(spec).get_provider_name() == "mine"
    odd = ProviderSpec(name="odd", title="Odd", protocol="smoke.signals", default_model="m")
    with pytest.raises(UnknownProtocol, match=r"smoke\.signals"):
        create_backend(odd, api_key="k")


def test_a_backend_of_ones_own_by_its_place() -> None:
    place = "massgen_stream.backend.chat_completions:ChatCompletionsBackend"
    spec = ProviderSpec(
        name="mine", title="Mine", protocol="openai.chat", backend=place, default_model="m", key_required=False
    )
    assert backend_class(spec) is ChatCompletionsBackend
    assert isinstance(create_backend(spec), ChatCompletionsBackend)


def test_what_a_provider_needs_installed() -> None:
    assert libraries_of(providers()["groq"]) == {"openai": "openai"}
    assert libraries_of(providers()["azure_openai"]) == {"openai": "openai"}
    assert libraries_of(providers()["simulator"]).keys() == {"openai", "starlette", "uvicorn"}


def test_the_table_of_contents_is_true() -> None:
    for name in massgen_stream.backend.__all__:
        found = getattr(massgen_stream.backend, name)
        assert name.isupper() or found.__name__ == name
    assert set(massgen_stream.backend.__all__) <= set(dir(massgen_stream.backend))
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = massgen_stream.backend.nothing_of_the_kind


def test_creating_a_backend_loads_no_sdk_and_no_http_library() -> None:
    code = (
        "import sys; from massgen_stream.backend import create_backend;"
        "b = create_backend('ollama'); b.stream_with_tools([{'role': 'user', 'content': 'x'}]);"
        "print(sorted({'openai', 'httpx2', 'httpx', 'pydantic', 'starlette', 'anyio'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
