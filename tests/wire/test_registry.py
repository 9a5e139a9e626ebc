import subprocess
import sys
from importlib import import_module

import pytest

from massgen_stream import wire
from massgen_stream.errors import ConfigurationError, UnknownProtocol
from massgen_stream.wire import registry


def test_names() -> None:
    assert "openai.chat" in wire.PROTOCOLS
    assert tuple(registry.WIRES) == wire.PROTOCOLS


@pytest.mark.parametrize("protocol", wire.PROTOCOLS)
def test_every_row_leads_to_classes_of_its_own_package(protocol: str) -> None:
    stem = protocol.replace(".", "_")
    for place in registry.WIRES[protocol]:
        module, _, name = place.partition(":")
        assert module == f".{stem}"
        assert isinstance(getattr(import_module(module, wire.__name__), name), type)


@pytest.mark.parametrize("protocol", wire.PROTOCOLS)
def test_each_call_gives_a_new_one(protocol: str) -> None:
    assert wire.decoder(protocol) is not wire.decoder(protocol)
    assert wire.encoder(protocol) is not wire.encoder(protocol)


@pytest.mark.parametrize("protocol", wire.PROTOCOLS)
def test_options_reach_the_decoder(protocol: str) -> None:
    assert wire.decoder(protocol, id_prefix="turn-2-", max_event_bytes=1000).feed(b"") == []
    with pytest.raises(ConfigurationError, match="max_event_bytes"):
        wire.decoder(protocol, max_event_bytes=0)


@pytest.mark.parametrize("name", ["openai", "", "OPENAI.CHAT", None, ["openai.chat"]])
def test_an_unknown_name(name: str) -> None:
    for make in (wire.decoder, wire.encoder):
        with pytest.raises(UnknownProtocol, match=r"unknown wire protocol .*openai\.chat") as caught:
            make(name)
        assert caught.value.known == wire.PROTOCOLS


def test_a_protocol_is_loaded_when_it_is_used() -> None:
    code = (
        "import sys, massgen_stream.wire as w; at_first = set(sys.modules); w.PROTOCOLS;"
        "print('massgen_stream.wire.sse' in at_first, 'massgen_stream.wire.openai_chat' in sys.modules);"
        "w.decoder('openai.chat'); print('massgen_stream.wire.openai_chat' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "True"]
