"""What must hold of every host, found as everybody finds them."""

from urllib.parse import urlsplit

import pytest

from massgen_stream.backend.factory import BACKENDS
from massgen_stream.provider import ProviderSpec, providers
from massgen_stream.stream_chunk.formatter import OpenAIChatFormatter
from massgen_stream.wire import PROTOCOLS

HOSTS = list(providers().values())
every_host = pytest.mark.parametrize("host", HOSTS, ids=[host.name for host in HOSTS])


@every_host
def test_a_host_is_well_described(host: ProviderSpec) -> None:
    assert host.title
    assert host.notes
    assert host.protocol in {*PROTOCOLS, *BACKENDS}
    assert host.default_model in {model.id for model in host.models}
    assert len({model.id for model in host.models}) == len(host.models)
    assert host.documentation.startswith("https://") or not host.documentation
    if host.protocol == "openai.chat":
        OpenAIChatFormatter(reasoning_field=host.reasoning_field)


@every_host
def test_models_are_newest_first_and_the_default_is_alive(host: ProviderSpec) -> None:
    released = [model.released for model in host.models if model.released]
    assert [date[:7] for date in released] == sorted((date[:7] for date in released), reverse=True)
    assert host.retirement(host.default_model) is None


@every_host
def test_sizes_of_media_have_a_source(host: ProviderSpec) -> None:
    assert {kind for kind, size in host.input_media.items() if size is not None} <= host.media_sources.keys()
    assert host.media_sources.keys() <= host.input_media.keys()


@every_host
def test_every_api_of_a_host_is_a_host(host: ProviderSpec) -> None:
    for api in host.apis:
        assert host.with_api(api).protocol in {*PROTOCOLS, *BACKENDS}


@every_host
def test_a_host_has_an_address(host: ProviderSpec) -> None:
    if host.base_url is None:  # its SDK knows, it is launched, or everybody has one of their own
        assert host.launch is not None or host.api_key_env
        return
    url = urlsplit(host.base_url)
    local = url.hostname in {"127.0.0.1", "localhost"}
    assert url.scheme == ("http" if local else "https")
    assert not host.base_url.endswith("/")


@every_host
def test_a_host_that_is_chosen_by_itself_needs_a_key(host: ProviderSpec) -> None:
    assert host.key_required == bool(host.api_key_env)
    if host.priority is not None:
        assert host.api_key_env


def test_no_two_hosts_share_a_place_in_the_choice() -> None:
    places = [host.priority for host in HOSTS if host.priority is not None]
    assert len(set(places)) == len(places)


def test_the_hosts_of_chat_completions() -> None:
    names = {host.name for host in HOSTS if host.protocol == "openai.chat"}
    assert names >= {
        *("chatcompletion", "openrouter", "groq", "together", "fireworks", "cerebras", "deepseek", "mistral"),
        *("moonshot", "qwen", "zai", "nebius", "ollama", "lmstudio", "vllm", "sglang"),
    }
