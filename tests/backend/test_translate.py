"""Exceptions of real libraries, and of look-alikes of those that are not installed, as `error` chunks."""

import json
import ssl
import sys
from collections.abc import Callable
from itertools import pairwise
from types import ModuleType
from typing import Any

import aiohttp
import httpx2
import openai
import pytest

from massgen_stream.backend.translate import final_error, may_have_arrived, translate, without_secrets
from massgen_stream.errors import JobEnded, MalformedEvent, ProviderError, Truncated, UnresolvedMedia
from massgen_stream.stream_chunk.narrow import error

REQUEST = httpx2.Request("POST", "https://api.example.com:8443/v1?key=secret")


def told(problem: Exception) -> tuple[str, dict[str, Any]]:
    failed = translate(problem, provider="p", now=0.0)
    failed.chunk.check()
    assert failed.chunk.error is not None
    assert failed.chunk.error_info is not None
    assert failed.chunk.error_info["provider"] == "p"
    assert "secret" not in failed.chunk.error
    return failed.chunk.error, failed.chunk.error_info


def status_error(status: int, content: bytes, **headers: str) -> openai.APIStatusError:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    response = httpx2.Response(status, content=content, headers=names, request=REQUEST)
    return openai.APIStatusError("as the SDK puts it", response=response, body=None)


def test_a_status_error_is_read_from_its_response() -> None:
    body = b'{"error": {"code": "model_gone", "message": "The model is gone"}}'
    failed = translate(status_error(404, body, retry_after="3", x_request_id="req-9"), provider="p", now=0.0)
    assert failed.request_id == "req-9"
    assert failed.chunk.error == "The model is gone"
    assert failed.chunk.error_info == {
        "kind": "not_found",
        "code": "model_gone",
        "status": 404,
        "retryable": False,
        "retry_after_seconds": 3.0,
        "raw": {"error": {"code": "model_gone", "message": "The model is gone"}},
        "provider": "p",
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "HTTP 502 without a body"),
        (b"{}", "HTTP 502 without a body"),
        (b"<html><head><title> Bad gateway </title></head>", "HTTP 502: Bad gateway"),
        (b"upstream said no", "HTTP 502: upstream said no"),
        (b'"a string"', "HTTP 502: a string"),
        (b"x" * 500, "HTTP 502: " + "x" * 79 + "…"),
        (b"\xff\xfe", "HTTP 502: \ufffd\ufffd"),
        (b"[" * 99_999, "HTTP 502: " + "[" * 79 + "…"),
    ],
)
def test_bodies_that_are_no_error_object(content: bytes, message: str) -> None:
    text, info = told(status_error(502, content))
    assert (text, info["kind"], info["retryable"]) == (message, "server", True)
    assert len(str(info.get("raw", ""))) <= 65_536


def test_the_server_settles_whether_to_retry() -> None:
    assert told(status_error(500, b"{}", x_should_retry="false"))[1]["retryable"] is False
    assert told(status_error(400, b"{}", x_should_retry="true"))[1]["retryable"] is True


def test_a_response_that_was_never_read() -> None:
    response = httpx2.Response(500, stream=httpx2.ByteStream(b""), request=REQUEST)
    problem = openai.APIStatusError("x", response=response, body={"message": "from the SDK"})
    assert told(problem)[0] == "from the SDK"


def chained(outer: Exception, inner: BaseException) -> Exception:
    outer.__cause__ = inner
    return outer


ADDRESS = "api.example.com:8443"
CONNECTIONS: list[tuple[Exception, str, str]] = [
    (
        chained(openai.APIConnectionError(request=REQUEST), httpx2.ConnectError("all attempts failed")),
        "transport",
        f"cannot reach {ADDRESS}: ConnectError: all attempts failed",
    ),
    (
        chained(openai.APITimeoutError(REQUEST), httpx2.ConnectTimeout("")),
        "timeout",
        f"no connection to {ADDRESS} within connect_timeout",
    ),
    (openai.APITimeoutError(REQUEST), "timeout", f"nothing came from {ADDRESS} within read_timeout"),
    (
        chained(openai.APIConnectionError(request=REQUEST), httpx2.RemoteProtocolError("peer closed")),
        "transport",
        "the connection broke: RemoteProtocolError: peer closed",
    ),
    (
        chained(openai.APIConnectionError(request=REQUEST), httpx2.LocalProtocolError("bad header")),
        "invalid_request",
        "LocalProtocolError: bad header",
    ),
    (
        chained(
            openai.APITimeoutError(REQUEST),
            chained(httpx2.ConnectTimeout(""), aiohttp.ServerDisconnectedError("gone")),  # as openai's carrier maps it
        ),
        "transport",
        "the connection broke: ServerDisconnectedError: gone",
    ),
    (httpx2.ReadTimeout("", request=REQUEST), "timeout", f"nothing came from {ADDRESS} within read_timeout"),
    (httpx2.PoolTimeout("", request=REQUEST), "timeout", f"no connection to {ADDRESS} within connect_timeout"),
    (httpx2.WriteTimeout("", request=REQUEST), "timeout", f"{ADDRESS} stopped taking the request"),
    (httpx2.ReadTimeout(""), "timeout", "nothing came from the server within read_timeout"),
    (httpx2.ConnectError("no", request=REQUEST), "transport", f"cannot reach {ADDRESS}: ConnectError: no"),
    (httpx2.RemoteProtocolError("peer closed"), "transport", "the connection broke: RemoteProtocolError: peer closed"),
    (httpx2.ReadError(""), "transport", "the connection broke: ReadError"),
    (httpx2.DecodingError("gzip"), "transport", "the connection broke: DecodingError: gzip"),
    (httpx2.UnsupportedProtocol("x"), "invalid_request", "the address cannot be used: UnsupportedProtocol: x"),
    (httpx2.InvalidURL("x"), "invalid_request", "the address cannot be used: InvalidURL: x"),
    (httpx2.LocalProtocolError("bad header"), "invalid_request", "LocalProtocolError: bad header"),
    (openai.OpenAIError("no credentials"), "invalid_request", "OpenAIError: no credentials"),
    (TimeoutError("slow"), "timeout", "nothing came from the server within read_timeout"),
    (ConnectionResetError("gone"), "transport", "the connection broke: ConnectionResetError: gone"),
    (ConnectionRefusedError("no"), "transport", "cannot reach the server: ConnectionRefusedError: no"),
    (ssl.SSLError("bad certificate"), "transport", "the connection broke: SSLError: ('bad certificate',)"),
]


@pytest.mark.parametrize(("problem", "kind", "message"), CONNECTIONS, ids=lambda v: type(v).__name__)
def test_connections(problem: Exception, kind: str, message: str) -> None:
    text, info = told(problem)
    assert info["kind"] == kind
    assert info["retryable"] == (kind in {"transport", "timeout"})
    assert text == message


def nested(*reasons: Exception) -> Exception:
    """Return the first exception, each of which came of the next one."""
    for outer, inner in pairwise(reasons):
        chained(outer, inner)
    return reasons[0]


def refused() -> aiohttp.ClientConnectorError:
    key = aiohttp.client_reqrep.ConnectionKey("h", 1, False, True, None, None, None)
    return aiohttp.ClientConnectorError(key, ConnectionRefusedError(111, "refused"))


@pytest.mark.parametrize(
    ("problem", "arrived"),
    [
        (nested(openai.APIConnectionError(request=REQUEST), httpx2.ConnectError("no")), False),
        (nested(openai.APITimeoutError(REQUEST), httpx2.ConnectTimeout("")), False),
        (nested(openai.APITimeoutError(REQUEST), httpx2.PoolTimeout("")), False),
        (nested(openai.APITimeoutError(REQUEST), httpx2.ConnectTimeout(""), refused()), False),
        (nested(openai.APITimeoutError(REQUEST), httpx2.ConnectTimeout(""), aiohttp.ConnectionTimeoutError()), False),
        (httpx2.ProxyError("503 Service Unavailable"), False),
        (ConnectionRefusedError("no"), False),
        (nested(openai.APIConnectionError(request=REQUEST), httpx2.ReadError(""), ConnectionResetError("reset")), True),
        (nested(openai.APIConnectionError(request=REQUEST), httpx2.WriteError("")), True),
        (nested(openai.APITimeoutError(REQUEST), httpx2.ReadTimeout("")), True),
        (nested(openai.APITimeoutError(REQUEST), httpx2.ConnectTimeout(""), aiohttp.ServerDisconnectedError()), True),
        (nested(openai.APITimeoutError(REQUEST), httpx2.ReadTimeout(""), aiohttp.SocketTimeoutError()), True),
        (openai.APIConnectionError(request=REQUEST), True),
        (ConnectionResetError("gone"), True),
        (MalformedEvent("a job without its id"), True),
        (ProviderError("bad gateway", kind="server", status=502, retryable=True), True),
        (ProviderError("a timeout occurred", kind="server", status=524, retryable=True), True),
        (ProviderError("busy", kind="overloaded", status=503, retryable=True), False),
        (ProviderError("cannot reach agreement", kind="timeout", retryable=True), True),  # words decide nothing
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_whether_a_request_may_have_been_taken(problem: Exception, arrived: bool) -> None:
    assert may_have_arrived(translate(problem, provider="p", now=0.0)) is arrived


class Answer(Exception):
    """As aiohttp has it."""

    def __init__(self) -> None:
        super().__init__("429, message='Too Many Requests'")
        self.status, self.message, self.headers = 429, "Too Many Requests", {"Retry-After": "2"}


class AioRpcError(Exception):
    """As grpc has it: code and details are methods."""

    def __init__(self, code: str, details: str | None) -> None:
        super().__init__(code)
        self._code, self._details = code, details

    def code(self) -> Any:
        return type("Code", (), {"name": self._code})

    def details(self) -> str | None:
        return self._details


class ApiError(Exception):
    """As elevenlabs has it."""

    def __init__(self) -> None:
        super().__init__()
        self.status_code, self.headers = 401, {"retry-after": "1"}
        self.body = {"detail": {"status": "invalid_api_key", "message": "Invalid API key"}}


class ClientError(Exception):
    """As google.genai has it."""

    def __init__(self) -> None:
        super().__init__()
        self.code, self.status, self.message = 429, "RESOURCE_EXHAUSTED", "quota"
        self.details = {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "slow down"}}


class APIError(ClientError):
    pass


def looking_like(cls: type[Exception], module: str) -> type[Exception]:
    cls.__module__ = module
    return cls


def named(name: str, module: str, *bases: type[Exception]) -> type[Exception]:
    return type(name, bases or (Exception,), {"__module__": module})


LOOKALIKES: list[tuple[Callable[[], Exception], str, str]] = [
    (lambda: looking_like(AioRpcError, "grpc.aio._call")("UNAVAILABLE", "down"), "overloaded", "down"),
    (lambda: looking_like(AioRpcError, "grpc.aio")("UNAUTHENTICATED", None), "authentication", "UNAUTHENTICATED"),
    (lambda: looking_like(AioRpcError, "grpc.aio")("DEADLINE_EXCEEDED", "late"), "timeout", "late"),
    (lambda: looking_like(AioRpcError, "grpc.aio")("NEW_CODE", "?"), "unknown", "?"),
    (looking_like(ApiError, "elevenlabs.core.api_error"), "authentication", "Invalid API key"),
    (looking_like(APIError, "google.genai.errors"), "rate_limited", "slow down"),
    (named("ClientResponseError", "aiohttp.client_exceptions", Answer), "rate_limited", "HTTP 429: Too Many Requests"),
    (named("ServerTimeoutError", "aiohttp.x"), "timeout", "nothing came from the server within read_timeout"),
    (
        named("ConnectionTimeoutError", "aiohttp.x", TimeoutError),
        "timeout",
        "no connection to the server within connect_timeout",
    ),
    (named("ClientConnectorError", "aiohttp.x"), "transport", "cannot reach the server: ClientConnectorError"),
    (
        named("ClientPayloadError", "aiohttp.x", named("ClientError", "aiohttp.x")),
        "transport",
        "the connection broke: ClientPayloadError",
    ),
    (
        named("ReadTimeout", "httpx", named("TimeoutException", "httpx")),
        "timeout",
        "nothing came from the server within read_timeout",
    ),
    (
        named("RateLimitError", "anthropic", named("APIError", "anthropic")),
        "unknown",
        "the request failed without a body",
    ),
]


@pytest.mark.parametrize(("make", "kind", "message"), LOOKALIKES)
def test_libraries_that_are_not_installed(make: Callable[[], Exception], kind: str, message: str) -> None:
    text, info = told(make())
    assert (text, info["kind"]) == (message, kind)


def test_names_of_headers_may_have_any_case() -> None:
    assert told(named("ClientResponseError", "aiohttp", Answer)())[1]["retry_after_seconds"] == 2.0


def test_subclasses_are_recognised_by_their_bases() -> None:
    class Special(httpx2.ReadTimeout):
        pass

    assert told(Special(""))[1]["kind"] == "timeout"


def test_our_own_errors() -> None:
    assert told(Truncated())[1] == {"kind": "protocol", "retryable": False, "provider": "p"}
    assert told(UnresolvedMedia("messages[0]", "x"))[1]["kind"] == "invalid_request"


def test_an_answer_that_cannot_be_read(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(json.JSONDecodeError) as raised:
        json.loads("<html>")
    text, info = told(raised.value)
    assert (text.partition(":")[0], info["kind"], caplog.text) == ("the answer cannot be read", "protocol", "")


def test_an_answer_of_success_that_an_sdk_raises() -> None:
    page = status_error(200, b"<html><head><title>Sign in</title></head>")
    assert (told(page)[0], told(page)[1]["kind"]) == ("HTTP 200: Sign in", "protocol")


def test_that_a_job_has_ended_is_a_field() -> None:
    ended = final_error(error("gone", error_info={"kind": "server", "code": "x"}), "it failed", JobEnded)
    text, info = told(ended)
    assert (text, info["kind"], info["code"], info["job_ended"]) == ("it failed", "server", "x", True)
    assert "job_ended" not in told(ProviderError("it failed"))[1]


def test_what_nobody_expects_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    text, info = told(ZeroDivisionError("division by zero"))
    assert (text, info["kind"]) == ("unexpected ZeroDivisionError: division by zero", "unknown")
    assert "ZeroDivisionError" in caplog.text


def test_translating_imports_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = httpx2.ReadTimeout("")
    before: dict[str, ModuleType] = dict(sys.modules)
    told(problem)
    assert sys.modules.keys() == before.keys()


def test_a_chunk_without_secrets_keeps_everything_else() -> None:
    chunk = error("bad hunter22", error_info={"kind": "server", "provider": "upstream"}, media_id="m-1")
    assert without_secrets(chunk, "p", "hunter22") == error(
        "bad ***", error_info={"kind": "server", "provider": "upstream"}, media_id="m-1"
    )
