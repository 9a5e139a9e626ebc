"""Asks an engine without any socket, and reads what would be sent."""

import json
from collections.abc import Iterable
from typing import Any

from massgen_stream.simulator.engine import Engine
from massgen_stream.simulator.ops import Head, Op
from massgen_stream.simulator.request import Request
from massgen_stream.simulator.vendor import vendors
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.wire import decoder

CHAT = next(vendor for vendor in vendors() if vendor.protocol == "openai.chat")
USER = [{"role": "user", "content": "Write a haiku about rivers"}]


def exchange(
    engine: Engine, body: Any = None, *, headers: dict[str, str] | None = None, key: str = "", **more: Any
) -> list[Op]:
    document = {"model": "m", "messages": USER, **more} if body is None else body
    request = Request("POST", "/v1/chat/completions", headers=headers or {}, json=document)
    path = next(path for path in CHAT.paths() if path.path == request.path)
    return list(engine.respond(CHAT, path, request, key))


def look_up(engine: Engine, path: str, *, headers: dict[str, str] | None = None, **params: str) -> list[Op]:
    found = next(one for one in CHAT.paths() if one.path == path)
    return list(engine.respond(CHAT, found, Request("GET", path, headers=headers or {}, params=params), None))


def head_of(ops: Iterable[Op]) -> Head:
    return next(op for op in ops if isinstance(op, Head))


def header(ops: Iterable[Op], name: str) -> str | None:
    return dict(head_of(ops).headers).get(name)


def body_of(ops: Iterable[Op]) -> bytes:
    return b"".join(op for op in ops if isinstance(op, bytes))


def json_of(ops: Iterable[Op]) -> Any:
    return json.loads(body_of(ops))


def decoded(ops: Iterable[Op]) -> list[BaseStreamChunk]:
    read = decoder("openai.chat")
    return read.feed(body_of(ops)) + read.close()


def said(chunks: Iterable[BaseStreamChunk]) -> str:
    return "".join(getattr(chunk, "content", None) or "" for chunk in chunks)
