"""The one border where exceptions of other libraries become `error` chunks.

Nothing is imported for it: an exception is recognised by the names of its classes and of the packages they come from,
most special first, so a library that is not loaded costs nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from ..errors import (
    GoneMedia,
    JobEnded,
    MassGenStreamError,
    MediaError,
    ProviderError,
    TransportError,
    UsageError,
    WireError,
    excerpt,
)
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.text import TextStreamChunk
from ..wire.scrub import scrub, scrub_value
from .grpc_error import told_by_grpc
from .status_error import StatusError, told_by_google, told_by_response, told_by_status

_LOG: Final = logging.getLogger(__name__)
Info = dict[str, Any]
_Recogniser = Callable[[Any, float], StatusError]
_Border = Mapping[tuple[str, str], _Recogniser]
"""By package and name of a class."""


class Failure(NamedTuple):
    """How an attempt failed.

    Attributes:
        chunk: The `error` chunk.
        request_id: The vendor's id of the request, where its answer named one.
        is_unsent: Whether the request cannot have been taken, since there was no connection for it.
    """

    chunk: TextStreamChunk
    request_id: str | None = None
    is_unsent: bool = False


def translate(error: Exception, *, provider: str, now: float) -> Failure:
    """Return the failure that *error* means; an exception that nobody expects is logged with its traceback.

    Args:
        error: What was raised while the vendor was waited for.
        provider: The provider's name.
        now: Unix seconds, for waits that the vendor gives as a date.
    """
    if isinstance(error, MassGenStreamError):
        return failure(str(error), _info_of_ours(error), provider)
    recognise = _recogniser(error, _BORDER)
    if recognise in _OF_CONNECTIONS:
        recognise = _carriers_own(error) or recognise
    if recognise is not None:
        told = recognise(error, now)
        return failure(told.message, told.info, provider, told.request_id)._replace(is_unsent=told.is_unsent)
    _LOG.error("unexpected exception while streaming from %s", provider, exc_info=error)
    return failure(f"unexpected {_described(error)}", {"kind": "unknown", "retryable": False}, provider)


def may_have_arrived(failure: Failure) -> bool:
    """Return whether a request that failed may have been taken all the same: it was sent, and no answer refused it."""
    info = failure.chunk.error_info or {}
    unanswered = info.get("kind") in _UNANSWERED or info.get("status") in _OF_GATEWAYS
    return unanswered and not failure.is_unsent


def final_error(told: TextStreamChunk, message: str, as_error: type[ProviderError] = ProviderError) -> ProviderError:
    """Return the exception for an `error` chunk after which nothing is tried again.

    Args:
        told: How it failed.
        message: What is said instead.
        as_error: Class of the exception.
    """
    info = told.error_info or {}
    known = {name: info[name] for name in ("kind", "code", "status", "raw") if name in info}
    return as_error(message, **known)


def failure(message: str, info: Info, provider: str, request_id: str | None = None) -> Failure:
    """Return the failure for a message and what is known about it."""
    info = {**info, "provider": provider}
    return Failure(TextStreamChunk(type=ChunkType.ERROR, error=message, error_info=info), request_id)


def without_secrets(chunk: TextStreamChunk, provider: str, *secrets: str | None) -> TextStreamChunk:
    """Return an `error` chunk that names its provider and holds no key, in its text or in what the vendor said."""
    info = {"kind": "unknown", "provider": provider, **(chunk.error_info or {})}
    cleaned = scrub_value(info, *secrets)
    fields = chunk.set_fields() | {"error": scrub(chunk.error or "", *secrets), "error_info": cleaned}
    return TextStreamChunk(type=ChunkType.ERROR, extra=chunk.extra, **fields)


def _info_of_ours(error: MassGenStreamError) -> Info:
    if isinstance(error, ProviderError):
        known = {
            name: getattr(error, name) for name in ("kind", "code", "status", "retryable", "retry_after_seconds", "raw")
        }
        ended = {"job_ended": True} if isinstance(error, JobEnded) else {}
        return {name: value for name, value in known.items() if value is not None} | ended
    if isinstance(error, TransportError):
        return {"kind": error.kind, "retryable": error.retryable}
    kinds = (
        (WireError, "protocol"), (GoneMedia, "not_found"), (MediaError, "media"), (UsageError, "invalid_request"),
    )  # fmt: skip
    info: Info = {"kind": next((kind for cls, kind in kinds if isinstance(error, cls)), "unknown"), "retryable": False}
    return info | {"status": error.status} if isinstance(error, GoneMedia) and error.status else info


def _described(error: BaseException) -> str:
    text = excerpt(scrub(str(error)))
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _reasons(error: BaseException) -> list[BaseException]:
    """Return an exception and what it came of, the innermost last: SDKs wrap it in a sentence that says nothing."""
    reasons = [error]
    while len(reasons) <= _CAUSES and (reason := reasons[-1].__cause__) is not None:
        reasons.append(reason)
    return reasons


def _recogniser(error: BaseException, border: _Border) -> _Recogniser | None:
    names = ((cls.__module__.partition(".")[0], cls.__name__) for cls in type(error).__mro__)
    return next((border[name] for name in names if name in border), None)


def _carriers_own(error: Exception) -> _Recogniser | None:
    """Return what recognises the innermost exception of a library that carries bytes: it knows how far a request came.

    SDKs have one exception for all of a connection; openai's carrier over aiohttp calls one that broke a timeout.
    """
    found = (_recogniser(reason, _CARRIERS) for reason in reversed(_reasons(error)))
    return next((one for one in found if one is not None), None)


def _timeout(error: Exception, _: float) -> StatusError:
    names = {cls.__name__ for reason in _reasons(error) for cls in type(reason).__mro__}
    is_unsent = bool(names & _WAITS_FOR_CONNECTION)
    if is_unsent:
        message = f"no connection to {_place(error)} within connect_timeout"
    elif "WriteTimeout" in names:
        message = f"{_place(error)} stopped taking the request"
    else:
        message = f"nothing came from {_place(error)} within read_timeout"
    return StatusError(message, {"kind": "timeout", "retryable": True}, is_unsent=is_unsent)


def _no_connection(error: Exception, _: float) -> StatusError:
    because = _described(_reasons(error)[-1])
    told = {"kind": "transport", "retryable": True}
    return StatusError(f"cannot reach {_place(error)}: {because}", told, is_unsent=True)


def _broken(error: Exception, _: float) -> StatusError:
    because = _described(_reasons(error)[-1])
    return StatusError(f"the connection broke: {because}", {"kind": "transport", "retryable": True})


def _bad_address(error: Exception, _: float) -> StatusError:
    because = _described(_reasons(error)[-1])
    return StatusError(f"the address cannot be used: {because}", {"kind": "invalid_request", "retryable": False})


def _bad_request(error: Exception, _: float) -> StatusError:
    return StatusError(_described(_reasons(error)[-1]), {"kind": "invalid_request", "retryable": False})


def _unreadable(error: Exception, _: float) -> StatusError:
    return StatusError(f"the answer cannot be read: {_described(error)}", {"kind": "protocol", "retryable": False})


def _no_credentials(error: Exception, _: float) -> StatusError:
    return StatusError(_described(error), {"kind": "authentication", "retryable": False})


def _place(error: Exception) -> str:
    """Host and port of the request; never the whole address, which may hold a key."""
    try:
        url = getattr(error, "request", None).url  # type: ignore[union-attr]  # httpx raises when there is no request
        return f"{url.host}:{url.port}" if url.port else str(url.host)
    except (AttributeError, RuntimeError):
        return "the server"


_CAUSES: Final = 8
_WAITS_FOR_CONNECTION: Final = frozenset(("ConnectTimeout", "ConnectionTimeoutError", "PoolTimeout"))
_UNANSWERED: Final = ("transport", "timeout", "protocol")
_OF_GATEWAYS: Final = (502, 504, 520, 524)
"""Said by what stands before a server, which may have taken the request; the last two are Cloudflare's:
https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/."""
_HTTPX: Final[Mapping[str, _Recogniser]] = {
    "HTTPStatusError": told_by_response,
    "TimeoutException": _timeout,
    "ConnectError": _no_connection,
    "ProxyError": _no_connection,
    "UnsupportedProtocol": _bad_address,
    "LocalProtocolError": _bad_request,
    "TransportError": _broken,
    "RequestError": _broken,
    "InvalidURL": _bad_address,
    "StreamError": _broken,
}
_STAINLESS: Final[Mapping[str, _Recogniser]] = {
    "APIStatusError": told_by_response,
    "APITimeoutError": _timeout,
    "APIConnectionError": _broken,
    "APIError": told_by_status,
    "OpenAIError": _bad_request,
    "AnthropicError": _bad_request,
}
_CARRIERS: Final[_Border] = {
    **{(library, name): recognise for library in ("httpx", "httpx2") for name, recognise in _HTTPX.items()},
    ("aiohttp", "ServerTimeoutError"): _timeout,
    ("aiohttp", "InvalidURL"): _bad_address,
    ("aiohttp", "ClientConnectorError"): _no_connection,
    ("aiohttp", "ClientHttpProxyError"): _no_connection,
    ("aiohttp", "ClientError"): _broken,
}
_BORDER: Final[_Border] = {
    **_CARRIERS,
    **{(library, name): recognise for library in ("openai", "anthropic") for name, recognise in _STAINLESS.items()},
    ("google", "APITimeoutError"): _timeout,
    ("google", "APIConnectionError"): _broken,
    ("google", "APIError"): told_by_google,
    ("google", "GoogleAuthError"): _no_credentials,
    ("elevenlabs", "ApiError"): told_by_status,
    ("aiohttp", "ClientResponseError"): told_by_status,
    ("grpc", "AioRpcError"): told_by_grpc,
    ("grpc", "RpcError"): told_by_grpc,
    ("json", "JSONDecodeError"): _unreadable,
    ("builtins", "TimeoutError"): _timeout,
    ("builtins", "ConnectionRefusedError"): _no_connection,
    ("socket", "gaierror"): _no_connection,
    ("builtins", "OSError"): _broken,
    ("anyio", "BrokenResourceError"): _broken,
    ("anyio", "ClosedResourceError"): _broken,
    ("anyio", "EndOfStream"): _broken,
}
_OF_CONNECTIONS: Final = (_timeout, _no_connection, _broken)
"""What an exception means that only says that there was no answer."""
