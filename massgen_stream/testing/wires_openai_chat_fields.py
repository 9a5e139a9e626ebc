"""The fields of Chat Completions events in every form that is known, usual and not."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Data = dict[str, Any]
_TEXTS: Final = (
    "Hello", " world", "", "\n", "é—😀", '"\\', "data: x\n\n", "\ud83d", "\ude00", "null", "<think>", "\u2028\x7f",
)  # fmt: skip
_IDS: Final = ("chatcmpl-1", "c2", "", None)
_CALL_IDS: Final = ("call_1", "call_2", "call_1", "", "null", None)
_NAMES: Final = ("get_weather", "search", "", None)
_ARGUMENTS: Final[tuple[Any, ...]] = (
    "{}", '{"city":', '"Paris"}', "", "null", "{", "}", '{"a":1}', "12", " ", '{"a":NaN}', '"\ud83d', '\ude00"',
    {}, {"city": "Paris", "n": 1.0}, {"a": {"$bytes": "x", "é": None}}, None,
)  # fmt: skip
_FINISHES: Final = (
    "stop", "stop", "length", "tool_calls", "content_filter", "function_call", "STOP", "eos", "network_error", "abort",
    "refusal", "pause_turn", "a new word", "", None, None, None,
)  # fmt: skip
_PNG: Final = b64encode(b"\x89PNG\r\n\x1a\n0123").decode()
_URLS: Final = (
    f"data:image/png;base64,{_PNG}", f"data:image/png;base64,{_PNG.rstrip('=')}", "data:;base64,", "https://x/y.png?a=1",
    "data:image/svg+xml,%3Csvg/%3E", "data:image/svg+xml;charset=utf-8,<svg>", "DATA:image/gif;base64,R0lG",
)  # fmt: skip
_SOUNDS: Final = (b64encode(b"\0\1" * 5).decode(), b64encode(b"OggS\0").decode(), "AA", "", None)
_NUMBERS: Final = (0, 1, 7, 2**70, None)
_ODD: Final[tuple[Any, ...]] = (
    0, 5, -1, True, False, 1.0, 0.5, "0", "?", "", [], {}, ["x"], {"a": 1}, float("nan"), "1e999", 10**30,
)  # fmt: skip
_ERRORS: Final[tuple[Any, ...]] = (
    {"message": "overloaded", "type": "server_error", "code": 503}, {"message": "no", "code": float("nan")}, {},
    {"message": "bad key sk-abcdefghijklmnop", "metadata": {"raw": "x"}}, "a string", "", None, True, ["x"],
)  # fmt: skip
_PARTS: Final = (
    {"type": "text", "text": "part"}, {"type": "text", "text": ""},
    {"type": "text", "text": [{"text": "\ud83d"}, "\ude00"]}, {"type": "text", "text": "s", "n": float("nan")},
    {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}], "signature": "sig"}, "plain", None,
    {"type": "thinking", "thinking": "", "signature": 5}, {"type": "reference", "reference_ids": [1], "$x": "$"},
    {"type": "image_url", "image_url": "https://x/z.png"}, {"type": None},
)  # fmt: skip
_BAD_PARTS: Final[tuple[Any, ...]] = (
    5, [], {"type": "text", "text": 5}, {"type": "thinking", "thinking": {}}, {"type": "image_url"},
)  # fmt: skip


def one_of_many(*weighted: tuple[int, SearchStrategy[Any]]) -> SearchStrategy[Any]:
    """Return a choice between strategies, each as often as its weight."""
    return st.one_of([strategy for weight, strategy in weighted for _ in range(weight)])


def _of(values: Iterable[Any]) -> SearchStrategy[Any]:
    return st.sampled_from(list(values))


def _some(fields: dict[str, SearchStrategy[Any]], *, most: int = 3) -> SearchStrategy[Data]:
    """Up to *most* of the fields: real events have few."""
    names = st.lists(st.sampled_from(sorted(fields)), unique=True, max_size=most)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: fields[name] for name in chosen}))


class Fields:
    """Strategies of the fields of an event.

    Args:
        odd_metadata: How often, of 8, metadata has any type.
        odd_content: How often, of 8, text, arguments and media have any type.
    """

    def __init__(self, name: str, *, odd_metadata: int = 0, odd_content: int = 0) -> None:
        self.name, self._odd_metadata, self._odd_content = name, odd_metadata, odd_content

    def __repr__(self) -> str:
        return f"Fields({self.name})"

    @staticmethod
    def kinds() -> tuple[Fields, ...]:
        """Return the usual fields, those with odd metadata, and those where anything goes."""
        return (USUAL, ODD_METADATA, ODD)

    def _metadata(self, values: Iterable[Any]) -> SearchStrategy[Any]:
        return one_of_many((8 - self._odd_metadata, _of(values)), (self._odd_metadata, _of(_ODD)))

    def _content(self, strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
        return one_of_many((8 - self._odd_content, strategy), (self._odd_content, _of(_ODD)))

    def _text(self) -> SearchStrategy[Any]:
        return self._content(_of((*_TEXTS, None)))

    def chat_events(self) -> SearchStrategy[Data]:
        """Events with choices."""
        choices = st.lists(self.choices(), min_size=1, max_size=2)
        return st.builds(lambda head, said: {**head, "choices": said}, self.heads(), self._content(choices))

    def heads(self) -> SearchStrategy[Data]:
        """What is beside the choices."""
        fields = {
            "id": self._metadata(_IDS),
            "object": _of(("chat.completion.chunk", "", None)),
            "created": self._metadata((1765000000, 0, None)),
            "model": self._metadata(("gpt-6", "", None)),
            "system_fingerprint": self._metadata(("fp_1", None)),
            "service_tier": self._metadata(("default", "auto", None)),
            "provider": self._metadata(("Groq", None)),
            "usage": self.usages(),
            "x_groq": self._metadata(({"id": "req_1"}, {"usage": {"prompt_tokens": 3}}, {"usage": None}, None)),
            "citations": self._metadata((["https://a"], ["https://a", {"url": "https://b"}, None], [], None)),
            "search_results": self._metadata(([{"url": "https://a", "title": "A", "snippet": "s"}], [5], None)),
            "prompt_filter_results": self._metadata(([{"prompt_index": 0}], None)),
            "error": _of((None, None, None, *_ERRORS)),
            "obfuscation": _of(("abc", float("nan"), "\ud83d")),
        }
        return _some(fields, most=4)

    def choices(self) -> SearchStrategy[Data]:
        """One choice of an event."""
        fields = {
            "index": self._metadata((0, 0, 0, 1, None)),
            "delta": self._content(self.deltas()),
            "message": self.deltas(),
            "finish_reason": self._metadata(_FINISHES),
            "native_finish_reason": self._metadata(("stop", "end_turn", None)),
            "logprobs": self._metadata(({"content": [{"token": "a", "logprob": -0.5}]}, {"content": None}, None)),
            "usage": self.usages(),
            "content_filter_results": self._metadata(({"hate": {"filtered": False}}, {}, None)),
        }
        plain = st.builds(lambda delta, index: {"index": index, "delta": delta}, self.deltas(), _of((0, 0, 1)))
        return one_of_many((2, plain), (1, _some(fields)))

    def deltas(self) -> SearchStrategy[Data]:
        """What a choice adds."""
        fields: dict[str, SearchStrategy[Any]] = {name: self._text() for name in _DELTA_TEXTS}
        fields |= {
            "content": self._content(one_of_many((3, _of((*_TEXTS, None))), (1, self._parts()))),
            "role": _of(("assistant", None)),
            "tool_calls": self._content(st.lists(self.calls(), max_size=2)),
            "function_call": self._content(self._functions()),
            "audio": self._content(self._audio()),
            "images": self._content(st.lists(self._images(), max_size=2)),
            "reasoning_details": self._metadata(_DETAILS),
            "annotations": self._metadata(_ANNOTATIONS),
            "executed_tools": self._metadata(_EXECUTED),
            "extra_content": self._metadata(({"google": {"thought_signature": "x"}}, {}, None)),
        }
        return _some(fields)

    def calls(self) -> SearchStrategy[Any]:
        """A piece of a call."""
        custom = _some({"name": self._content(_of(_NAMES)), "input": self._text()})
        fields = {
            "index": self._metadata((0, 0, 1, None)),
            "id": self._metadata(_CALL_IDS),
            "type": self._metadata(("function", "custom", None)),
            "function": self._content(self._functions()),
            "custom": self._content(one_of_many((1, custom), (3, st.none()))),
            "extra_content": self._metadata(({"google": {"thought_signature": "y"}}, {"$k": [1]}, None)),
        }
        return one_of_many((5, _some(fields, most=4)), (1, st.none()))

    def _functions(self) -> SearchStrategy[Data]:
        return _some({"name": self._content(_of(_NAMES)), "arguments": self._content(_of(_ARGUMENTS))})

    def _parts(self) -> SearchStrategy[Any]:
        bad = self._odd_content and 1
        return st.lists(one_of_many((5, _of(_PARTS)), (bad, _of(_BAD_PARTS))), max_size=3)

    def _audio(self) -> SearchStrategy[Data]:
        bad = ("?", "A A=") if self._odd_content else ()
        fields = {
            "id": self._metadata(("audio_1", "audio_1", "audio_2", None)),
            "data": self._content(_of((*_SOUNDS, *bad))),
            "transcript": self._text(),
            "expires_at": _of((1765000000,)),
        }
        return _some(fields)

    def _images(self) -> SearchStrategy[Any]:
        bad: tuple[Any, ...] = ("data:image/png;base64,?", "data:", "", {}, 5) if self._odd_content else ()
        urls = _of((*_URLS, *bad))
        nested = st.builds(lambda url: {"type": "image_url", "image_url": {"url": url}}, urls)
        return one_of_many((3, nested), (1, urls), (1, st.builds(lambda url: {"url": url}, urls)), (1, st.none()))

    def usages(self) -> SearchStrategy[Any]:
        """A usage report."""
        details = _some({"cached_tokens": self._metadata(_NUMBERS), "reasoning_tokens": self._metadata(_NUMBERS)})
        fields: dict[str, SearchStrategy[Any]] = {
            name: self._metadata(_NUMBERS) for name in ("prompt_tokens", "completion_tokens", "total_tokens")
        }
        fields |= {"prompt_tokens_details": details, "cost": _of((0.1, float("nan"), None))}
        return one_of_many((4, _some(fields)), (1, self._metadata((None,))))

    def usage_events(self) -> SearchStrategy[Data]:
        """A usage report in an event of its own."""
        choices = one_of_many((3, st.just([])), (1, st.none()))
        return st.builds(lambda usage, said: {"choices": said, "usage": usage}, self.usages(), choices)

    def errors(self) -> SearchStrategy[Data]:
        """Errors with status 200, in all places."""
        bare = ({"object": "error", "message": "m", "code": 1}, {"detail": "d"}, {"message": "m", "code": "c"})
        return one_of_many((3, _of(_ERRORS).map(lambda error: {"error": error})), (1, _of(bare)))

    def preludes(self) -> SearchStrategy[Data]:
        """Azure's first event, and events that nobody knows."""
        known = {"id": "", "object": "", "model": "", "created": 0, "choices": [], "prompt_filter_results": [{}]}
        unknown: tuple[Any, ...] = (
            {"event": "ping", "id": 5},
            {"type": "status", "message": "warming up"},
            {},
            {"choices": None},
        )
        return _of((known, *unknown))

    def finishes(self) -> SearchStrategy[Data]:
        """An event that ends a choice."""
        return st.builds(
            lambda index, reason: {"choices": [{"index": index, "delta": {}, "finish_reason": reason}]},
            _of((0, 0, 1)),
            self._metadata(_FINISHES),
        )

    def payloads(self) -> SearchStrategy[bytes]:
        """Payloads that are no chat events, or no events at all."""
        harmless = (b"null", b"5", b'"x"', b"[]", b"", b'{"event":"x"}', b"\xef\xbb\xbf{}", b'{"x":"\xed\xa0\xbd"}')
        if not self._odd_content:
            return _of(harmless)
        return _of((*harmless, b"rubbish", b'{"a":', b"{}{}", b"\x01", b'"\xff"', b"[" * 3000, b'{"a":"\x00 \xff"} x'))


_DELTA_TEXTS: Final = ("content", "content", "reasoning_content", "reasoning", "thinking", "refusal")
_DETAILS: Final[tuple[Any, ...]] = (
    [{"type": "reasoning.text", "text": "why", "signature": "s", "index": 0}],
    [{"type": "reasoning.encrypted", "data": "xyz"}, {"type": "reasoning.summary", "summary": "sum"}],
    [{"text": "\ud83d"}, {"text": "\ude00"}, {"text": 5, "n": float("nan")}],
    [{}], [], None, ["x"],
)  # fmt: skip
_ANNOTATIONS: Final[tuple[Any, ...]] = (
    [{"type": "url_citation", "url_citation": {"url": "https://a", "title": "A", "start_index": 0, "end_index": 9}}],
    [{"type": "file_citation", "file_id": "f", "filename": "n", "start_index": "0"}, None, 5],
    [{"$ref": {"$bytes": "?"}, "n": float("nan")}],
    [], None,
)  # fmt: skip
_EXECUTED: Final[tuple[Any, ...]] = (
    [{"index": 0, "type": "search", "arguments": "{}"}],
    [{"index": 0, "type": "search", "arguments": "{}", "output": "found", "$s": 1}],
    [{"index": 1, "name": "python", "output": ""}, {"type": 5, "output": "o"}, {"index": None}, None],
    [{"index": "0"}, {"index": 0, "score": float("nan")}],
    [], None,
)  # fmt: skip

USUAL: Final = Fields("usual")
"""What servers send, in all its forms."""
ODD_METADATA: Final = Fields("odd metadata", odd_metadata=1)
"""Metadata of any type, which costs the field and no more."""
ODD: Final = Fields("odd", odd_metadata=1, odd_content=1)
"""Text, arguments and media of any type too, which end the stream."""
