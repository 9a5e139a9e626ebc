"""The events of a Responses stream with every field in every form that is known, usual and not."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from .wires_openai_chat_fields import one_of_many
from .wires_openai_responses_items import ITEMS, PARTS

Data = dict[str, Any]
_TEXTS: Final = ("Hello", " world", "", "\n", "é—😀", '"\\', "\ud83d", "\ude00", "null", "Hello world", "\u2028\x7f")
_ARGUMENTS: Final = ("{}", '{"city":', '"Paris"}', "", "null", "{", "}", '{"city":"Paris"}', "12", '"\ud83d')
_ODD: Final[tuple[Any, ...]] = (
    0,
    5,
    -1,
    True,
    False,
    1.0,
    0.5,
    "0",
    "?",
    "",
    [],
    {},
    ["x"],
    {"a": 1},
    float("nan"),
    "1e999",
    10**30,
)
_IDS: Final = ("msg_1", "msg_1", "rs_1", "fc_1", "ws_1", "", None)
_PNG: Final = b64encode(b"\x89PNG\r\n\x1a\n0123").decode()
_IMAGES: Final = (_PNG, _PNG.rstrip("="), "R0lGODlh", "", None)
_SOUNDS: Final = (b64encode(b"\0\1" * 5).decode(), b64encode(b"OggS\0").decode(), "AA", "", None)
_USAGES: Final[tuple[Any, ...]] = (
    {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5, "output_tokens_details": {"reasoning_tokens": 1}},
    {"input_tokens": 3, "input_tokens_details": {"cached_tokens": "x"}}, {"output_tokens": -1}, {}, None,
)  # fmt: skip
_ERRORS: Final[tuple[Data, ...]] = (
    {"error": {"type": "tokens", "code": "rate_limit_exceeded", "message": "slow down"}}, {"message": "flat"},
    {"code": "server_error", "message": "flat", "param": None}, {"error": {}}, {"error": "words"}, {},
    {"error": {"message": "bad key sk-abcdefghijklmnop", "x": float("nan")}}, {"error": None, "message": "m"},
)  # fmt: skip
_UNKNOWN: Final[tuple[Data, ...]] = (
    {"type": "keepalive"}, {"type": "response.steer.accepted", "error": {"message": "m"}}, {"type": None}, {},
    {"type": "response.new", "delta": 5}, {"event": "x"}, {"type": 5, "delta": "x"}, {"error": {"message": "m"}},
)  # fmt: skip
_TEXT_EVENTS: Final = (
    ("response.output_text", "text"), ("response.output_text", "text"), ("response.refusal", "refusal"),
    ("response.reasoning_text", "text"), ("response.reasoning_summary_text", "text"),
)  # fmt: skip
_CALL_EVENTS: Final = (
    ("response.function_call_arguments", "arguments"), ("response.custom_tool_call_input", "input"),
    ("response.mcp_call_arguments", "arguments"), ("response.code_interpreter_call_code", "code"),
    ("response.shell_call_command", "command"),
)  # fmt: skip
_STATES: Final = (
    "web_search_call.searching", "web_search_call.completed", "file_search_call.in_progress", "mcp_call.failed",
    "code_interpreter_call.interpreting", "image_generation_call.generating", "mcp_list_tools.completed",
    "compaction.compacting", "mcp_call.in_progress",
)  # fmt: skip
_STATUSES: Final = ("completed", "completed", "incomplete", "failed", "cancelled", "in_progress", "new", None)


def _of(values: Iterable[Any]) -> SearchStrategy[Any]:
    return st.sampled_from(list(values))


class Fields:
    """Strategies of events.

    Args:
        odd_metadata: How often, of 12, metadata has any type.
        odd_content: How often, of 12, text, arguments and media have any type.
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
        return one_of_many((12 - self._odd_metadata, _of(values)), (self._odd_metadata, _of(_ODD)))

    def _content(self, values: Iterable[Any]) -> SearchStrategy[Any]:
        return one_of_many((12 - self._odd_content, _of(values)), (self._odd_content, _of(_ODD)))

    def _event(self, name: str, /, sparse: Any = True, **fields: Any) -> SearchStrategy[Data]:
        """An event of that type at any place; a place may be missing."""
        places = {
            "item_id": self._metadata(_IDS),
            "output_index": self._metadata((0, 0, 1, 1, 2, None)),
            "content_index": self._metadata((0, 0, 1, None)),
            "summary_index": self._metadata((0, 0, 1, None)),
        }
        said = st.fixed_dictionaries({**places, **fields} if sparse else fields)
        return said.map(lambda found: {"type": name, **{key: value for key, value in found.items() if value != ""}})

    def begins(self) -> SearchStrategy[Data]:
        """The beginning of a response."""
        names = ("response.created", "response.created", "response.in_progress", "response.queued")
        return _of(names).flatmap(lambda name: self._event(name, sparse=False, response=self._responses()))

    def ends(self) -> SearchStrategy[Data]:
        """The end of a response."""
        names = ("response.completed", "response.completed", "response.incomplete", "response.failed")
        response = one_of_many((12, self._responses()), (self._odd_metadata, _of(_ODD)))
        return _of(names).flatmap(lambda name: self._event(name, sparse=False, response=response))

    def _responses(self) -> SearchStrategy[Data]:
        items = one_of_many((3, st.just([])), (1, st.lists(self._items(), max_size=2)))
        return st.fixed_dictionaries({
            "id": self._metadata(("resp_1", "resp_2", None)),
            "model": self._metadata(("gpt-6", None)),
            "status": self._metadata(_STATUSES),
            "usage": self._metadata(_USAGES),
            "incomplete_details": self._metadata(({"reason": "max_output_tokens"}, {"reason": "x"}, {}, None)),
            "error": _of(({"code": "server_error", "message": "m"}, "words", None, None)),
            "output": items,
            "temperature": _of((1.0, None)),
        })  # fmt: skip

    def events(self) -> SearchStrategy[Data]:
        """Any event between beginning and end."""
        return one_of_many(
            (4, self._texts()), (3, self._item_events()), (2, self._part_events()), (2, self._calls()),
            (1, self._states()), (1, self._media()), (1, self._errors()),
        )  # fmt: skip

    def _texts(self) -> SearchStrategy[Data]:
        delta = _of(_TEXT_EVENTS).flatmap(
            lambda said: self._event(f"{said[0]}.delta", delta=self._content(_TEXTS), obfuscation=_of(("ab", "\ud83d")))
        )
        final = _of(_TEXT_EVENTS).flatmap(
            lambda said: self._event(f"{said[0]}.done", **{said[1]: self._content((*_TEXTS, None))})
        )
        return one_of_many((4, delta), (1, final))

    def _calls(self) -> SearchStrategy[Data]:
        delta = _of(_CALL_EVENTS).flatmap(
            lambda said: self._event(
                f"{said[0]}.delta", delta=self._content(_ARGUMENTS), command_index=self._metadata((0, 1, None))
            )
        )
        final = _of(_CALL_EVENTS).flatmap(
            lambda said: self._event(f"{said[0]}.done", **{said[1]: self._content((*_ARGUMENTS, None))})
        )
        streams: tuple[Any, ...] = ({"stdout": "a"}, {"stderr": "b", "stdout": "c"}, {}, "plain", None)
        output = self._event("response.shell_call_output_content.delta", delta=self._content(streams))
        return one_of_many((4, delta), (2, final), (1, output))

    def _items(self) -> SearchStrategy[Data]:
        def odd(item: Data) -> SearchStrategy[Data]:
            names = sorted(item)
            if not self._odd_metadata or not names:
                return st.just(item)
            loose = {name for name in names if name not in ("type", "id", "call_id", "status", "phase")}
            allowed = [name for name in names if name != "type" and (self._odd_content or name not in loose)]
            if not allowed:
                return st.just(item)
            changed = st.builds(lambda name, value: {**item, name: value}, _of(allowed), _of(_ODD))
            return one_of_many((4, st.just(item)), (1, changed))

        return _of(ITEMS).flatmap(odd)

    def _item_events(self) -> SearchStrategy[Data]:
        names = ("response.output_item.added", "response.output_item.done")
        item = one_of_many((12, self._items()), (self._odd_metadata, _of(_ODD)))
        return _of(names).flatmap(lambda name: self._event(name, item=item))

    def _part_events(self) -> SearchStrategy[Data]:
        names = ("content_part.added", "content_part.done", "content_part.done", "reasoning_summary_part.done")
        part = one_of_many((12, _of(PARTS)), (self._odd_content, _of(({"type": "output_text", "text": 5}, 5))))
        annotations: tuple[Data, ...] = (
            {"type": "url_citation", "url": "https://a", "title": "A", "start_index": 0, "end_index": 3},
            {"type": "file_citation", "file_id": "f", "filename": "f.pdf", "index": 1}, {"start_index": -1}, {},
        )  # fmt: skip
        cited = self._event(
            "response.output_text.annotation.added", annotation=self._metadata(annotations), annotation_index=_of((0,))
        )
        parts = _of(names).flatmap(lambda name: self._event(f"response.{name}", part=part))
        return one_of_many((2, parts), (1, cited))

    def _states(self) -> SearchStrategy[Data]:
        return _of(_STATES).flatmap(lambda state: self._event(f"response.{state}"))

    def _errors(self) -> SearchStrategy[Data]:
        said = _of(_ERRORS).map(lambda error: {"type": "error", "sequence_number": 3, **error})
        return one_of_many((1, said), (2, _of(_UNKNOWN)))

    def _media(self) -> SearchStrategy[Data]:
        sound = self._event("response.audio.delta", delta=self._content(_SOUNDS))
        words = self._event("response.audio.transcript.delta", delta=self._content(_TEXTS))
        ended = _of(("audio.done", "audio.transcript.done")).flatmap(lambda name: self._event(f"response.{name}"))
        image = self._event(
            "response.image_generation_call.partial_image",
            partial_image_b64=self._content(_IMAGES),
            partial_image_index=self._metadata((0, 1, None)),
            output_format=self._metadata(("png", "webp", "svg", "jpg", None)),
            size=self._metadata(("10x20", "auto", None)),
        )
        return one_of_many((2, sound), (1, words), (1, ended), (2, image), (3, self._tracks()))

    def _tracks(self) -> SearchStrategy[Data]:
        fields = {
            "media_id": self._metadata(("m1", "m1", "m2", None)),
            "media_type": self._metadata(("audio", "image", "video", "IMAGE", "x", None)),
            "mime_type": self._metadata(("video/mp4", None)),
            "filename": self._metadata(("a.mp4", None)),
            "width": self._metadata((10, 0, None)),
        }
        data = self._content(_SOUNDS)
        whole = {"data": data, "encoding": self._metadata(("base64", "base64", "url", "file_id", None))}
        return one_of_many(
            (1, self._event("response.media.start", sparse=False, **fields)),
            (2, self._event("response.media.delta", sparse=False, **fields, data=data, total=_of((2, None)))),
            (2, self._event("response.media.complete", sparse=False, **fields, **whole)),
        )

    def payloads(self) -> SearchStrategy[bytes]:
        """Payloads that are no events of a response, or no events at all."""
        harmless = (b"null", b"5", b'"x"', b"[]", b"", b'{"event":"x"}', b"\xef\xbb\xbf{}", b"[DONE]", b" [DONE] ")
        if not self._odd_content:
            return _of(harmless)
        return _of((*harmless, b"rubbish", b'{"a":', b"{}{}", b"\x01", b'"\xff"', b"[" * 3000, b'{"a":"\x00 \xff"} x'))


USUAL: Final = Fields("usual")
ODD_METADATA: Final = Fields("odd metadata", odd_metadata=1)
ODD: Final = Fields("odd", odd_metadata=1, odd_content=1)
