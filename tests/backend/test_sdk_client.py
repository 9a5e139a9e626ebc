from typing import Any

import pytest

from massgen_stream.backend.limits import StreamLimits
from massgen_stream.backend.sdk_client import SDKClient


def client(**headers: Any) -> SDKClient:
    async def close() -> None: ...

    create: Any = None
    return SDKClient(sdk=None, create=create, close=close, new_timeout=lambda **seconds: seconds, headers=headers)


def test_the_headers_of_the_client_are_sent() -> None:
    assert client(Authorization="left out").with_headers({}) == {"extra_headers": {"Authorization": "left out"}}
    assert client().with_headers({"extra_query": {"a": "b"}}) == {"extra_query": {"a": "b"}, "extra_headers": {}}


@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION"])
def test_headers_of_the_caller_win_in_any_case(name: str) -> None:
    transport = {"extra_headers": {name: "mine", "X-Other": "1"}}
    found = client(Authorization="left out", X_Ours="2").with_headers(transport)
    assert found == {"extra_headers": {"X_Ours": "2", name: "mine", "X-Other": "1"}}
    assert transport == {"extra_headers": {name: "mine", "X-Other": "1"}}


def test_the_limits_of_the_connection_are_those_of_the_stream() -> None:
    limits = StreamLimits(connect_timeout=1.5, read_timeout=30.0)
    assert client().timeout(limits) == {"connect": 1.5, "read": 30.0, "write": 30.0, "pool": 1.5}
