"""The closing line: why the stream ended, what it cost in tokens and how long it took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...stream_chunk.text import TextStreamChunk
from ..plain_text import one_line
from ..times import Times
from .figures import count_text, seconds_text
from .page import Line

_SEPARATOR = " · "
_STYLES = {"error": "error", "incomplete": "error", "stop": "good", "tool_calls": "good"}


def closing_line(done: TextStreamChunk, times: Times) -> Line:
    """Return finish reason, tokens and times; figures that nobody told are left out."""
    reason = done.finish_reason or "other"
    parts = [*_told_tokens(done), *_seconds(times)]
    rest = "".join(_SEPARATOR + part for part in parts)
    return [(reason, _STYLES.get(reason, "warning")), (_raw(done) + rest, "quiet")]


def _raw(done: TextStreamChunk) -> str:
    """Return the vendor's word where ours says little."""
    told = done.finish_reason == "other" and done.raw_finish_reason
    return f" ({one_line(done.raw_finish_reason or '', 40)})" if told else ""


def _told_tokens(done: TextStreamChunk) -> list[str]:
    """Return the tokens; media are often not paid by them, so that their absence says nothing."""
    return _tokens(done.usage or {}, estimated=done.usage_source == "estimated", quiet=bool(done.media_results))


def _tokens(usage: Mapping[str, Any], *, estimated: bool, quiet: bool) -> list[str]:
    about = "about " if estimated else ""
    read = _number(usage, "all_input_tokens", "input_tokens")
    written = _number(usage, "all_output_tokens", "output_tokens")
    if read is None and written is None:
        return [] if quiet else ["tokens not reported"]
    parts = []
    if read is not None:
        parts.append(f"{about}{count_text(read)} tokens in" + _aside(usage, "cached_input_tokens", "cached"))
    if written is not None:
        unit = "out" if parts else "tokens out"
        parts.append(f"{about}{count_text(written)} {unit}" + _aside(usage, "reasoning_tokens", "reasoning"))
    return parts


def _aside(usage: Mapping[str, Any], name: str, word: str) -> str:
    figure = _number(usage, name)
    return f" ({count_text(figure)} {word})" if figure else ""


def _number(usage: Mapping[str, Any], *names: str) -> int | float | None:
    for name in names:
        value = usage.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
    return None


def _seconds(times: Times) -> list[str]:
    parts = []
    if times.first_chunk is not None:
        parts.append(f"first chunk {seconds_text(times.first_chunk)}")
    if times.total is not None:
        parts.append(f"{seconds_text(times.total)} total")
    return parts
