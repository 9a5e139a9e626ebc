"""The events of a Chat Completions stream: only the fields we use, in the types that well-behaved servers send.

https://platform.openai.com/docs/api-reference/chat-streaming, and the additions of compatible servers:
``reasoning_content`` (DeepSeek), ``reasoning`` and ``reasoning_details`` (OpenRouter), ``thinking`` (Ollama),
``images`` (OpenRouter), ``executed_tools`` and ``x_groq`` (Groq), ``citations`` (Perplexity), ``extra_content``
(Gemini).
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

Index = Annotated[int, msgspec.Meta(ge=0)]


class Function(msgspec.Struct, gc=False):
    """Name and arguments of a call; some servers send the arguments as an object."""

    name: str | None = None
    arguments: str | dict[str, Any] | None = None


class Custom(msgspec.Struct, gc=False):
    """Name and free text of a custom tool's call."""

    name: str | None = None
    input: str | None = None


class ToolCall(msgspec.Struct, gc=False):
    """A piece of a call."""

    index: Index | None = None
    id: str | None = None
    type: str | None = None
    function: Function | None = None
    custom: Custom | None = None
    extra_content: dict[str, Any] | None = None


class Audio(msgspec.Struct, gc=False):
    """A piece of spoken output; `data` is base64 on the wire."""

    id: str | None = None
    data: bytes | None = None
    transcript: str | None = None


class Delta(msgspec.Struct, gc=False):
    """What a choice adds."""

    content: str | list[Any] | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    tool_calls: list[ToolCall] | None = None
    refusal: str | None = None
    thinking: str | None = None
    reasoning_details: list[dict[str, Any]] | None = None
    function_call: Function | None = None
    audio: Audio | None = None
    images: list[Any] | None = None
    annotations: list[Any] | None = None
    executed_tools: list[Any] | None = None
    extra_content: dict[str, Any] | None = None


class Choice(msgspec.Struct, gc=False):
    """One choice of an event; a few servers send a whole `message` where others send a `delta`."""

    index: Index | None = None
    delta: Delta | None = None
    finish_reason: str | None = None
    message: Delta | None = None
    native_finish_reason: str | None = None
    logprobs: dict[str, Any] | None = None
    usage: dict[str, Any] | None = None
    content_filter_results: dict[str, Any] | None = None


class Event(msgspec.Struct, gc=False):
    """One event; `error` is that of an error that comes with status 200."""

    id: str | None = None
    choices: list[Choice] | None = None
    model: str | None = None
    created: int | None = None
    system_fingerprint: str | None = None
    service_tier: str | None = None
    usage: dict[str, Any] | None = None
    error: Any = None
    provider: str | None = None
    x_groq: dict[str, Any] | None = None
    citations: list[Any] | None = None
    search_results: list[Any] | None = None
    prompt_filter_results: list[Any] | None = None


decode_event = msgspec.json.Decoder(Event).decode
"""Decode an event whose fields have the usual types; raises what msgspec raises."""
