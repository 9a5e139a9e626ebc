from enum import Enum
from typing import Any

import anyio
import anyio.to_thread
import grpc
import pytest
from anyio.abc import SocketAttribute, SocketStream

from massgen_stream.backend.grpc_error import told_by_grpc
from massgen_stream.backend.translate import may_have_arrived, translate

UNRESOLVED = (
    "errors resolving api.x.ai:443: [field:hostname lookup error:address lookup failed for api.x.ai:443: "
    "Domain name not found]"
)
PAGE = "Stream removed (Data frame with END_STREAM flag received)"


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
        (AioRpcError(Code.UNAVAILABLE, UNRESOLVED), "transport", True),
        (AioRpcError(Code.UNAVAILABLE, "Stream removed (Socket closed)"), "transport", True),
        (AioRpcError(Code.UNAVAILABLE, "recvmsg:Connection reset by peer"), "transport", True),
        (AioRpcError(Code.UNAVAILABLE, "recvmsg:Connection timed out"), "transport", True),
        (AioRpcError(Code.UNAVAILABLE, "we are busy"), "overloaded", True),
        (AioRpcError(Code.UNAVAILABLE, "Received http2 header with status: 502"), "server", True),
        (AioRpcError(Code.UNAVAILABLE, "Received http2 header with status: 429"), "rate_limited", True),
        (AioRpcError(Code.UNKNOWN, "No status received"), "protocol", False),
        (AioRpcError(Code.UNKNOWN, PAGE), "protocol", False),
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
        (UNRESOLVED, False),
        ("Stream removed (Socket closed)", True),
        ("recvmsg:Connection timed out", True),
        ("we are busy", False),
        (PAGE, True),
        ("No status received", True),
        *(
            (f"Received http2 header with status: {status}", status in (502, 504, 520))
            for status in (*range(500, 505), 520)
        ),
    ],
)
def test_whether_a_call_may_have_been_taken(details: str, arrived: bool) -> None:
    failed = translate(AioRpcError(Code.UNAVAILABLE, details), provider="grok", now=0.0)
    assert may_have_arrived(failed) is arrived


def refusal(address: str) -> AioRpcError:
    """Return what the installed grpc says of a call; not through asyncio: its poller there outlives event loops."""
    with grpc.insecure_channel(address) as channel, pytest.raises(grpc.RpcError) as raised:
        channel.unary_unary("/service/method")(b"", timeout=9)
    return AioRpcError(raised.value.code(), raised.value.details())


def test_a_name_that_does_not_resolve() -> None:
    failed = translate(refusal("dns://127.0.0.1:1/api.example:443"), provider="grok", now=0.0)
    assert failed.is_unsent
    assert (failed.chunk.error or "").startswith("cannot reach the server: ")
    assert failed.chunk.error_info == {"kind": "transport", "retryable": True, "provider": "grok"}


def test_what_a_server_has_not_found_is_its_own_word() -> None:
    told = told_by_grpc(AioRpcError(Code.INVALID_ARGUMENT, "the image's address: Domain name not found"), 0.0)
    assert (told.info["kind"], told.is_unsent) == ("invalid_request", False)


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """Return a frame of HTTP/2: https://www.rfc-editor.org/rfc/rfc9113#section-4.1."""
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


def page(status: str) -> bytes:
    """Return a page as the answer to the first call: headers without compression, and data."""
    fields = ((b":status", status.encode()), (b"content-type", b"text/html"))
    headers = b"".join(b"\0" + bytes((len(n),)) + n + bytes((len(v),)) + v for n, v in fields)
    return frame(1, 4, 1, headers) + frame(0, 1, 1, b"<html>Sorry</html>")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("status", "kind", "arrived"), [("200", "protocol", True), ("502", "server", True), ("503", "overloaded", False)]
)
async def test_a_page_is_told_from_a_servers_own_word(status: str, kind: str, arrived: bool) -> None:
    async def answer(client: SocketStream) -> None:
        async with client:
            await client.send(frame(4, 0, 0) + frame(4, 1, 0))  # settings, which the client waits for
            asked = b""
            while b"/service/method" not in asked:
                asked += await client.receive()
            await client.send(page(status))
            await anyio.sleep_forever()

    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, answer)
        port = listener.extra(SocketAttribute.local_port)
        refused = await anyio.to_thread.run_sync(refusal, f"127.0.0.1:{port}")
        tasks.cancel_scope.cancel()
    failed = translate(refused, provider="grok", now=0.0)
    assert ((failed.chunk.error_info or {})["kind"], may_have_arrived(failed)) == (kind, arrived)
