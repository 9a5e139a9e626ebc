"""Requests that real servers took: the simulator takes them too, however strict it is."""

from typing import Any

import pytest

from massgen_stream.simulator.given import Given
from massgen_stream.simulator.request import Request
from massgen_stream.simulator.vendor import Vendor, vendors
from massgen_stream.testing.recorded import Recording, available, recordings

ELSEWHERE = Given(knows=["*"])
"""They name what the servers gave that took them."""
RECORDED = {vendor.protocol: vendor for vendor in vendors(ELSEWHERE) if available(vendor.protocol)}


def taken(api: str) -> list[Recording]:
    found = recordings(api)
    return [one for one in found if one.request is not None and one.meta.get("status", 200) in (200, 201)]


def read(vendor: Vendor, body: dict[str, Any]) -> Any:
    """What the first address that takes a body makes of it; some hosts have the model in the address."""
    handle = next(path.handle for path in vendor.paths() if path.method == "POST")
    return handle(Request("POST", "/", params={"model": "m"}, json={"model": "m", **body}))


@pytest.mark.parametrize("api", RECORDED)
def test_what_real_servers_took_is_taken(api: str) -> None:
    requests = taken(api)
    assert requests
    for recording in requests:
        assert read(RECORDED[api], recording.request or {}) is not None, recording
