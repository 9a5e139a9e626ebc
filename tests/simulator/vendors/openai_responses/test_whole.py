import json
from typing import Any

import pytest

from massgen_stream.simulator.vendor import Refused
from massgen_stream.simulator.vendors.openai_responses.whole import whole_response


def events(*documents: Any) -> bytes:
    return b"".join(b"data: " + json.dumps(document).encode() + b"\n\n" for document in documents)


@pytest.mark.parametrize("end", ["completed", "incomplete", "failed"])
def test_the_last_event_holds_the_response(end: str) -> None:
    first = {"type": "response.created", "response": {"id": "r", "status": "in_progress"}}
    last = {"type": f"response.{end}", "response": {"id": "r", "status": end}}
    assert whole_response(events(first, last)) == {"id": "r", "status": end}


@pytest.mark.parametrize(
    "error",
    [
        {"type": "error", "message": "slow down", "code": "rate_limit_exceeded"},
        {"type": "error", "error": {"message": "slow down", "code": "rate_limit_exceeded"}},
    ],
)
def test_an_error_is_raised_with_its_status(error: Any) -> None:
    with pytest.raises(Refused) as caught:
        whole_response(events({"type": "response.created"}, error, {"type": "response.failed", "response": {}}))
    refuse = caught.value.refuse
    assert (refuse.status, refuse.message, refuse.code) == (429, "slow down", "rate_limit_exceeded")


@pytest.mark.parametrize("stream", [b"", b"data: {\n\n", b"data: 5\n\n", events({"type": "response.created"})])
def test_a_stream_without_an_end_is_refused(stream: bytes) -> None:
    with pytest.raises(ValueError):
        whole_response(stream)
