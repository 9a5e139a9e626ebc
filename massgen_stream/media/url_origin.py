"""A medium behind an http or https URL: downloaded piece by piece, and resumed where it was cut."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from hashlib import sha256
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from ..errors import BrokenMedia, MediaMismatch, MissingExtra, TransportError, UnreachableMedia, excerpt
from .address_rules import AddressRules, checked_url, shown_url
from .detection import HEAD_BYTES, detect
from .fetch_options import FetchOptions
from .http_answer import HttpAnswer
from .origin import Origin
from .worker_thread import RunningDigest, in_thread

if TYPE_CHECKING:
    from .guarded_connection import Resolve

_DEFAULT: Final = FetchOptions()
_LONGEST_DELAY_SECONDS: Final = 8.0
_LONGEST_WAIT_SECONDS: Final = 60.0
"""A server that asks for more will not be waited for."""
_OK, _PART, _BEYOND = 200, 206, 416


class _Interrupted(Exception):
    """An attempt ended before the medium did, and another one may bring the rest."""

    def __init__(self, problem: str, *, kind: str = "transport", wait_seconds: float | None = None) -> None:
        super().__init__(problem)
        self.problem, self.kind, self.wait_seconds = problem, kind, wait_seconds


class UrlOrigin(Origin):
    """A medium that a web server has.

    After a cut the rest is asked for by `Range`, where the server names the version by a strong tag and still has it;
    else the medium is read again, and its beginning must be the one that came before.

    Attributes:
        options: Limits and rules.
    """

    is_near = False

    def __init__(self, url: str, options: FetchOptions | None = None, *, resolve: Resolve | None = None) -> None:
        self.url = checked_url(url)
        self.options = options or _DEFAULT
        self._resolve = resolve

    async def pieces(self, size: int) -> AsyncGenerator[bytes, None]:  # noqa: ARG002 - as the network cuts them
        """Yield the bytes as they come.

        Raises:
            UnreachableMedia: The server does not give it, or an address is not allowed.
            MediaOverLimit: It is larger than `max_bytes`.
            MediaMismatch: Its type is not wanted, or not the declared one.
            BrokenMedia: It changed, or the server contradicts itself.
            TransportError: Nobody answered, or the connection broke too often.
        """
        pool = await self._opened_pool()
        async with pool, aclosing(_Download(self, pool).pieces()) as pieces:
            async for piece in pieces:
                yield piece

    async def _opened_pool(self) -> Any:
        rules = AddressRules(self.options.allow_private)
        return await in_thread(_new_pool, rules, self._resolve)  # importing the HTTP library takes a moment


def _new_pool(rules: AddressRules, resolve: Resolve | None) -> Any:
    try:
        connection = import_module(".guarded_connection", __package__)
    except ImportError:
        raise MissingExtra("fetching a URL", "media") from None
    return connection.new_pool(rules, resolve)


class _Download:
    """One download: what came, over however many attempts."""

    def __init__(self, origin: UrlOrigin, pool: Any) -> None:
        self._origin, self._options, self._pool = origin, origin.options, pool
        self._library: Any = import_module("httpcore2")
        self._digest = RunningDigest()
        self._total: int | None = None
        self._validator: str | None = None
        self._failures = 0
        limit = self._options.total_timeout
        self._deadline = None if limit is None else asyncio.get_running_loop().time() + limit

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        head: list[bytes] = []
        held = 0
        async with aclosing(self._all()) as pieces:
            async for piece in pieces:
                if held >= HEAD_BYTES:
                    yield piece
                    continue
                head.append(piece)
                held += len(piece)
                if held >= HEAD_BYTES:
                    first = b"".join(head)
                    self._check_head(first)
                    yield first
        if 0 < held < HEAD_BYTES:
            first = b"".join(head)
            self._check_head(first)
            yield first

    def _check_head(self, head: bytes) -> None:
        """Hold what the bytes show against what is declared and wanted."""
        origin, options = self._origin, self._options
        if not options.check_type:
            return
        found = detect(head, mime_type=origin.mime_type)
        if found.shown and not options.accepts(found.mime_type):
            raise MediaMismatch(", ".join(options.accept), found.mime_type)
        origin.mime_type = found.mime_type

    async def _all(self) -> AsyncGenerator[bytes, None]:
        while True:
            attempt = self._attempt()
            try:
                async with aclosing(attempt):
                    while (piece := await anext(attempt, None)) is not None:
                        await self._digest.update(piece)
                        self._failures = 0
                        yield piece
            except _Interrupted as problem:
                await self._wait_after(problem)
            else:
                return

    async def _attempt(self) -> AsyncGenerator[bytes, None]:
        """Yield what follows what came before."""
        async with self._answered() as (answer, body):
            if answer.status == _BEYOND and self._digest.size == self._total:
                return
            skip = self._settle(answer)
            prefix = sha256()
            while (piece := await self._next(body)) is not None:
                if skip:
                    prefix.update(piece[:skip])
                    piece, skip = piece[skip:], max(0, skip - len(piece))
                    if not skip and f"sha256:{prefix.hexdigest()}" != await self._digest.checksum():
                        raise BrokenMedia(f"{self._shown} changed while it was downloaded; fetch it again")
                if piece:
                    self._options.check_size(self._digest.size + len(piece), self._shown)
                    yield piece
        if skip or self._total not in (None, self._digest.size):
            raise _Interrupted(f"{self._shown} ended after {self._digest.size} of {self._total} bytes")

    def _settle(self, answer: HttpAnswer) -> int:
        """Take what a good answer says; return how many of its bytes have come before."""
        answer.check_encoding()
        have, total = self._digest.size, answer.size_bytes
        if have and total != self._total and None not in (total, self._total):
            raise BrokenMedia(f"{self._shown} had {self._total} bytes and now has {total}: it changed; fetch it again")
        start = answer.content_range()[0] if answer.status == _PART else 0
        if answer.status == _PART and start != have:
            raise BrokenMedia(f"{self._shown} was asked for byte {have} and answered from byte {start}")
        if not have:
            self._options.check_declared(answer.mime_type)
            self._origin.mime_type = answer.mime_type
            self._origin.filename = answer.filename
        if total is not None:
            self._options.check_size(total, self._shown)
            self._total = self._origin.size_bytes = total
        self._validator = answer.validator
        return have - start

    @asynccontextmanager
    async def _answered(self) -> AsyncIterator[tuple[HttpAnswer, Any]]:
        url = self._origin.url or ""
        for _ in range(self._options.max_redirects + 1):
            response = await self._waited(self._pool.handle_async_request(self._request(url)))
            try:
                answer = HttpAnswer.of(url, response.status, response.headers)
                if answer.location is None:
                    self._check_status(answer)
                    async with aclosing(aiter(response.stream)) as body:
                        yield answer, body
                    return
            finally:
                await response.aclose()
            url = checked_url(urljoin(url, answer.location))
        raise UnreachableMedia(f"{self._shown} redirects more than {self._options.max_redirects} times")

    def _request(self, url: str) -> Any:
        options = self._options
        timeout = {"connect": options.connect_timeout, "read": options.read_timeout, "write": options.read_timeout}
        headers = {
            "accept": ", ".join(options.accept) or "*/*",
            "accept-encoding": "identity",
            "host": urlsplit(url).netloc,
        }
        if urlsplit(url)[:2] == urlsplit(self._origin.url or "")[:2]:
            headers |= {name.lower(): value for name, value in options.headers.items()}
        if self._digest.size and self._validator:
            headers |= {"range": f"bytes={self._digest.size}-", "if-range": self._validator}
        extensions = {"timeout": {**timeout, "pool": options.connect_timeout}}
        return self._library.Request("GET", url, headers=list(headers.items()), extensions=extensions)

    def _check_status(self, answer: HttpAnswer) -> None:
        if answer.status in (_OK, _PART) or (answer.status == _BEYOND and self._digest.size == self._total):
            return
        problem = f"{shown_url(answer.url)} answered {answer.status}"
        if answer.is_busy:
            raise _Interrupted(problem, wait_seconds=answer.retry_after_seconds)
        raise UnreachableMedia(f"{problem}; check the address, and what it needs to be read", status=answer.status)

    async def _next(self, body: AsyncGenerator[bytes, None]) -> bytes | None:
        piece: bytes | None = await self._waited(anext(body, None))
        return piece

    async def _waited(self, waiting: Any) -> Any:
        """Await something of the HTTP library; its exceptions end here."""
        library = self._library
        try:
            async with asyncio.timeout_at(self._deadline):
                return await waiting
        except TimeoutError:
            limit = self._options.total_timeout
            raise TransportError(f"{self._shown} took more than {limit} seconds", kind="timeout") from None
        except library.TimeoutException:
            raise _Interrupted(f"{self._shown} did not answer in time", kind="timeout") from None
        except (library.NetworkError, library.RemoteProtocolError) as error:
            raise _Interrupted(f"connection to {self._shown} failed: {excerpt(error) or 'lost'}") from None

    async def _wait_after(self, problem: _Interrupted) -> None:
        """Wait before the next attempt, or give up."""
        options = self._options
        self._failures += 1
        if self._failures > options.max_retries:
            raise TransportError(problem.problem, kind=problem.kind) from None
        delay = min(_LONGEST_DELAY_SECONDS, options.first_delay_seconds * 2 ** (self._failures - 1))
        delay = delay * (1 - random.random() / 2) if problem.wait_seconds is None else problem.wait_seconds  # noqa: S311
        now = asyncio.get_running_loop().time()
        too_late = self._deadline is not None and now + delay > self._deadline
        if too_late or delay > _LONGEST_WAIT_SECONDS:
            raise TransportError(problem.problem, kind=problem.kind) from None
        await asyncio.sleep(delay)

    @property
    def _shown(self) -> str:
        return shown_url(self._origin.url or "")
