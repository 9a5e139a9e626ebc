"""What must hold of every host, found as everybody finds them."""

from urllib.parse import urlsplit

import pytest

from massgen_stream.provider import ProviderSpec, providers
from massgen_stream.stream_chunk.formatter import OpenAIChatFormatter
from massgen_stream.wire import PROTOCOLS

HOSTS = list(providers().values())
every_host = pytest.mark.parametrize("host", HOSTS, ids=[host.name for host in HOSTS])


@every_host
def test_a_host_is_well_described(host: ProviderSpec) -> None:
    assert host.title
    assert host.protocol in PROTOCOLS
    assert host.default_model in {model.id for model in host.models}
    assert len({model.id for model in host.models}) == len(host.models)
    OpenAIChatFormatter(reasoning_field=host.reasoning_field)


@every_host
def test_a_host_has_an_address(host: ProviderSpec) -> None:
    if host.base_url is None:
        assert host.launch is not None or host.name == "chatcompletion"
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
