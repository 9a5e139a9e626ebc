from enum import Enum
from typing import Any

import pytest

from massgen_stream.backend.grpc_error import told_by_grpc
from massgen_stream.backend.translate import may_have_arrived, translate


class Code(Enum):
    UNAVAILABLE = 14
    RESOURCE_EXHAUSTED = 8
    UNAUTHENTICATED = 16
    INVALID_ARGUMENT = 3
    UNKNOWN = 2


class AioRpcError(Exception):
    """As grpc's, which needs no channel to be looked at."""

    __module__ = "grpc.aio._call"

    def __init__(self, code: Code, details: str | None, *metadata: tuple[str, str | bytes]) -> None:
        super().__init__()
        self.said: dict[str, Any] = {"code": code, "details": details, "trailing_metadata": metadata}

    def __getattr__(self, name: str) -> Any:
        if name not in self.said:
            raise AttributeError(name)
        return lambda: self.said[name]


@pytest.mark.parametrize(
    ("error", "kind", "retryable"),
    [
        (AioRpcError(Code.UNAVAILABLE, "failed to connect to all addresses; last error: refused"), "transport", True),
        (AioRpcError(Code.UNAVAILABLE, "Stream removed (Socket closed)"), "transport", True),
        (AioRpcError(Code.UNAVAILABLE, "recvmsg:Connection reset by peer"), "transport", True),
        (AioRpcError(Code.UNAVAILABLE, "recvmsg:Connection timed out"), "transport", True),
        (AioRpcError(Code.UNAVAILABLE, "we are busy"), "overloaded", True),
        (AioRpcError(Code.RESOURCE_EXHAUSTED, "slow down"), "rate_limited", True),
        (AioRpcError(Code.RESOURCE_EXHAUSTED, "CLIENT: Received message larger than max (9 vs. 8)"), "protocol", False),
        (
            AioRpcError(Code.RESOURCE_EXHAUSTED, "CLIENT: Sent message larger than max (9 vs. 8)"),
            "invalid_request",
            False,
        ),
        (AioRpcError(Code.UNAUTHENTICATED, "no"), "authentication", False),
        (AioRpcError(Code.INVALID_ARGUMENT, "This model's maximum prompt length is 9 tokens"), "context_length", False),
        (AioRpcError(Code.UNKNOWN, None), "unknown", False),
    ],
)
def test_kinds(error: AioRpcError, kind: str, retryable: bool) -> None:
    told = translate(error, provider="grok", now=0.0).chunk
    assert told.error_info is not None
    assert (told.error_info["kind"], told.error_info["retryable"]) == (kind, retryable)


def test_status_code_and_details() -> None:
    told = told_by_grpc(AioRpcError(Code.UNAUTHENTICATED, "no such key"), 0.0)
    assert told.message == "no such key"
    assert (told.info["code"], told.info["status"]) == ("UNAUTHENTICATED", 401)


@pytest.mark.parametrize(
    ("metadata", "seconds"),
    [(("retry-after", "2"), 2.0), (("grpc-retry-pushback-ms", "1500"), 1.5), (("grpc-retry-pushback-ms", "-1"), None)],
)
def test_how_long_to_wait(metadata: tuple[str, str], seconds: float | None) -> None:
    error = AioRpcError(Code.RESOURCE_EXHAUSTED, "slow down", metadata, ("x-request-id", "req-1"), ("a-bin", b"\x00"))
    told = told_by_grpc(error, 0.0)
    assert told.info.get("retry_after_seconds") == seconds
    assert told.request_id == "req-1"


@pytest.mark.parametrize(
    ("details", "arrived"),
    [
        ("failed to connect to all addresses; last error: recvmsg:Connection timed out", False),
        ("Stream removed (Socket closed)", True),
        ("recvmsg:Connection timed out", True),
        ("we are busy", False),
    ],
)
def test_whether_a_call_may_have_been_taken(details: str, arrived: bool) -> None:
    failed = translate(AioRpcError(Code.UNAVAILABLE, details), provider="grok", now=0.0)
    assert may_have_arrived(failed) is arrived
