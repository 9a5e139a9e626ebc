"""Requests that hosts have answered are left as they are by our quirks, but for what the quirks are for."""

from typing import Any

import pytest

from massgen_stream.provider import ProviderSpec, providers
from massgen_stream.testing.recorded import Recording, recordings, skip_reason

ADDED = {"reasoning_format", "tool_stream", "chat_template_kwargs"}
"""What quirks put into a request that does not ask for it."""


def accepted() -> list[tuple[ProviderSpec, Recording]]:
    hosts = {name: spec for name, spec in providers().items() if spec.request_quirk is not None}
    found = [(hosts.get(one.meta["provider"]), one) for one in recordings("openai.chat")]
    return [(host, one) for host, one in found if host and one.request and one.meta.get("status", 200) == 200]


CASES = accepted()


@pytest.mark.skipif(not CASES, reason=skip_reason("openai.chat"))
@pytest.mark.parametrize(("host", "one"), CASES, ids=[f"{host.name}-{one.name}" for host, one in CASES])
def test_a_quirk_leaves_alone_what_the_host_has_taken(host: ProviderSpec, one: Recording) -> None:
    assert host.request_quirk is not None
    request: dict[str, Any] = one.request or {}
    if "messages" not in request:
        pytest.skip("the recorder kept no messages")
    found = host.request_quirk(request)
    assert {name: value for name, value in found.items() if name not in ADDED - request.keys()} == request


@pytest.mark.skipif(not CASES, reason=skip_reason("openai.chat"))
def test_several_hosts_are_recorded() -> None:
    assert {host.name for host, _ in CASES} >= {"cerebras", "deepseek", "groq", "mistral", "zai"}
