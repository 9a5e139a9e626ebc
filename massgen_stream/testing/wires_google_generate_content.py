"""``streamGenerateContent`` bodies as Google sends them, and worse: a strategy for laws of decoders."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

Data = dict[str, Any]
_TEXTS: Final = ("Hello", " world", "", "\n", "é—😀", '"\\', "data: x\n\n", "\ud83d", "\ude00", "\u2028\x7f")
_SIGNATURES: Final = ("c2lnbmF0dXJl", "AAAA", "", None)
_NAMES: Final = ("get_weather", "get_weather", "search", "", None)
_CALL_IDS: Final = ("call_1", "call_2", "", None, None, None)
_PATHS: Final = (
    "$.city", "$.city", "$.days", "$.place.name", "$.place.name", "$.place.zip", "$.list[0]", "$.list[1]", "$.list[1]",
    "$.rows[0].a", "$.rows[0].b", "$.rows[1].a", "$.m[0][0]", "$.m[0][1]", "$.m[1][0]", "$['a.b']", '$["it\'s"]',
)  # fmt: skip
_BAD_PATHS: Final = ("$", "", "city", "$[0]", "$.list[7]", "$.x[", "$..y")
_ARGS: Final[tuple[Any, ...]] = (
    {"city": "Paris"},
    {"n": 1.0, "b": [True, None]},
    {},
    {"a": {"$bytes": "x", "é": ""}},
    None,
)
_FINISHES: Final = (
    "STOP", "STOP", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "LANGUAGE", "OTHER", "CONTINUATION", "NO_IMAGE",
    "MALFORMED_FUNCTION_CALL", "MODEL_ARMOR", "FAKE_ENUM", "", None, None,
)  # fmt: skip
_MIME_TYPES: Final = (
    "image/png", "audio/L16;codec=pcm;rate=24000", "audio/L16;codec=pcm;rate=24000", "audio/pcm", "audio/wav",
    "video/mp4", "application/pdf", "x/y", "", None,
)  # fmt: skip
_BYTES: Final = (*(b64encode(data).decode() for data in (b"\x89PNG\r\n\x1a\n", b"\0\1" * 5, b"1", b"")), "AA", None)
_CODE: Final[tuple[Any, ...]] = ({"language": "PYTHON", "code": "print(1)"}, {"code": "x", "id": "e1"}, {}, {"code": 5})
_OUTPUT: Final[tuple[Any, ...]] = (
    {"outcome": "OUTCOME_OK", "output": "1\n"},
    {"outcome": "OUTCOME_FAILED", "id": "e1"},
    {},
)
_SEARCHES: Final = ({"toolType": "FILE_SEARCH", "id": "t1", "args": {"q": "x"}}, {"toolType": "URL_CONTEXT"}, {"id": 5})
_FOUND: Final[tuple[Any, ...]] = (
    {"toolType": "FILE_SEARCH", "id": "t1", "response": {"hits": []}},
    {"toolType": "URL_CONTEXT"},
    {},
)
_CHUNKS: Final[tuple[Any, ...]] = (
    {"web": {"uri": "https://a", "title": "A"}}, {"web": {}}, {}, {"retrievedContext": {"text": "t", "title": "T"}},
    {"maps": {"uri": "https://m"}}, 5,
)  # fmt: skip
_SUPPORTS: Final = (
    {"segment": {"endIndex": 4, "text": "Hell"}, "groundingChunkIndices": [0]},
    {"segment": {"startIndex": 2, "endIndex": 9}, "groundingChunkIndices": [0, 1]},
    {"segment": {"partIndex": 1, "endIndex": 3}, "groundingChunkIndices": [1]}, {"groundingChunkIndices": "0"}, None,
)  # fmt: skip
_RECITED: Final[tuple[Any, ...]] = (
    {"citationSources": [{"startIndex": 1, "endIndex": 5, "uri": "https://r"}]}, {"citations": [{"uri": "https://v"}]},
    {"citationSources": [None, {}]}, {},
)  # fmt: skip
_RATINGS: Final[tuple[Any, ...]] = ([{"category": "HARM_CATEGORY_HARASSMENT", "probability": "LOW"}], [])
_USAGES: Final[tuple[Any, ...]] = (
    {"promptTokenCount": 5, "candidatesTokenCount": 2, "thoughtsTokenCount": 3, "totalTokenCount": 10},
    {"promptTokenCount": 5, "totalTokenCount": 9, "toolUsePromptTokenCount": 4}, {"trafficType": "ON_DEMAND"}, {},
    {"cachedContentTokenCount": 2**70},
)  # fmt: skip
_FEEDBACK: Final[tuple[Any, ...]] = ({"blockReason": "SAFETY"}, {"safetyRatings": []}, {"blockReason": ""}, {})
_ERRORS: Final[tuple[Any, ...]] = (
    {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}, {"message": "no", "code": float("nan")}, "text",
    {}, True,
)  # fmt: skip
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
    10**30,
)
_LINE_ENDS: Final = (b"\r\n", b"\n", b"\n", b"\r")
_FOREIGN: Final = (b": ping", b":", b"retry: 10", b"foreign line", b"event: ping")
_BODIES: Final = (
    b'{"error":{"code":400,"message":"API key not valid","status":"INVALID_ARGUMENT"}}',
    b'[{"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED"}}]', b"<html>502</html>", b"[]", b"{}",
    b'{"error":', b"", b"\n\n", b"plain words",
)  # fmt: skip


class Fields:
    """Strategies of the fields of an event.

    Args:
        odd_metadata: How often, of 8, metadata has any type.
        odd_content: How often, of 8, text, arguments and media have any type.
    """

    def __init__(self, *, odd_metadata: int = 0, odd_content: int = 0) -> None:
        self._odd_metadata, self._odd_content = odd_metadata, odd_content

    def events(self) -> SearchStrategy[Data]:
        """One event."""
        usual = st.lists(self.candidates(), min_size=1, max_size=2)
        fields = {
            "candidates": self._content(usual),
            "usageMetadata": self._metadata(_USAGES) | self._figures(),
            "modelVersion": self._metadata(("gemini-3.8-flash", "", None)),
            "responseId": self._metadata(("r1", "r2", "", None)),
            "createTime": self._metadata(("2026-11-20T00:00:00Z",)),
            "promptFeedback": self._metadata(_FEEDBACK),
            "modelStatus": self._metadata(({"modelStage": "STABLE"},)),
            "turnToken": st.just("v1"),
            "error": st.sampled_from((None, None, None, *_ERRORS)),
        }
        plain = st.builds(lambda said, more: {**more, "candidates": said}, self._content(usual), _some(fields, most=2))
        return st.one_of(plain, plain, plain, _some(fields, most=3))

    def candidates(self) -> SearchStrategy[Data]:
        """One candidate."""
        grounding = st.fixed_dictionaries(
            {},
            optional={
                "groundingChunks": st.lists(st.sampled_from(_CHUNKS), max_size=3),
                "groundingSupports": st.lists(st.sampled_from(_SUPPORTS), max_size=3),
                "webSearchQueries": st.just(["q"]),
                "searchEntryPoint": st.just({"renderedContent": "<div>"}),
            },
        )
        fields = {
            "finishReason": self._metadata(_FINISHES),
            "finishMessage": self._metadata(("why", "")),
            "continuationToken": self._metadata(("token",)),
            "safetyRatings": self._metadata(_RATINGS),
            "citationMetadata": self._metadata(_RECITED),
            "groundingMetadata": grounding | self._metadata(({},)),
            "urlContextMetadata": self._metadata(({"urlMetadata": [{"retrievedUrl": "https://u"}]}, {})),
            "avgLogprobs": self._metadata((-0.5, 0)),
            "logprobsResult": self._metadata(({"chosenCandidates": [{"token": "a"}]}, {})),
            "tokenCount": st.just(5),
        }
        index = self._metadata((0, 0, 0, 1, None))
        content = self._content(
            st.builds(
                lambda parts: {"parts": parts, "role": "model"}, self._content(st.lists(self.parts(), max_size=3))
            )
        )
        plain = st.builds(lambda said, at: {"content": said, "index": at}, content, index)
        return st.builds(lambda said, more: {**said, **more}, plain, st.just({}) | _some(fields, most=2))

    def parts(self) -> SearchStrategy[Any]:
        """One part."""
        extras = {
            "thought": self._metadata((True, True, False)),
            "thoughtSignature": self._metadata(_SIGNATURES),
            "videoMetadata": self._metadata(({"fps": 1}, {})),
            "partMetadata": self._metadata(({"$x": "$"},)),
            "audioTranscription": self._metadata(({"text": "x"},)),
            "newField": st.just(1),
        }
        held = st.one_of(
            st.fixed_dictionaries({"text": self._content(st.sampled_from(_TEXTS))}),
            st.fixed_dictionaries({"text": self._content(st.sampled_from(_TEXTS))}),
            st.fixed_dictionaries({"functionCall": self._content(self.calls())}),
            st.fixed_dictionaries({"functionCall": self._content(self.calls())}),
            st.fixed_dictionaries({"inlineData": self._content(self._blobs())}),
            st.sampled_from(({"fileData": {"fileUri": "https://f", "mimeType": "video/mp4"}}, {"fileData": {}}, {})),
            *(_one(name, values) for name, values in _TOOLS.items()),
        )
        return st.builds(lambda said, more: {**said, **more}, held, st.just({}) | _some(extras, most=2))

    def calls(self) -> SearchStrategy[Data]:
        """A call, whole or a piece of one."""
        whole = st.fixed_dictionaries({"name": st.sampled_from(_NAMES), "args": self._content(st.sampled_from(_ARGS))})
        arguments = st.lists(self._arguments(), max_size=3)
        pieces = st.fixed_dictionaries(
            {},
            optional={
                "partialArgs": arguments,
                "willContinue": self._content(st.just(True)),
                "args": st.just({"a": 1}),
            },
        )
        named = st.builds(lambda said, name: {**said, "name": name}, pieces, st.sampled_from(_NAMES))
        said = st.one_of(whole, named, pieces, pieces)
        return st.builds(lambda call, more: {**call, **more}, said, st.just({}) | self._ids())

    def _ids(self) -> SearchStrategy[Data]:
        return st.fixed_dictionaries({"id": self._metadata(_CALL_IDS)})

    def _arguments(self) -> SearchStrategy[Data]:
        values = st.sampled_from((
            {"stringValue": "x", "willContinue": True}, {"stringValue": "\n\ud83d"}, {"stringValue": ""}, {},
            {"numberValue": 12}, {"numberValue": 1.5}, {"numberValue": -1e300}, {"boolValue": False},
            {"nullValue": "NULL_VALUE"}, {"willContinue": True},
        ))  # fmt: skip
        paths = _PATHS if not self._odd_content else (*_PATHS, *_BAD_PATHS)
        return st.builds(lambda path, value: {"jsonPath": path, **value}, st.sampled_from(paths), values)

    def _blobs(self) -> SearchStrategy[Data]:
        data = self._content(st.sampled_from(_BYTES))
        return st.fixed_dictionaries({"mimeType": self._metadata(_MIME_TYPES), "data": data})

    def _figures(self) -> SearchStrategy[Data]:
        return st.fixed_dictionaries({"promptTokenCount": self._metadata((1, 7)), "totalTokenCount": st.just(8)})

    def _metadata(self, values: Iterable[Any]) -> SearchStrategy[Any]:
        usual = st.sampled_from(list(values))
        return st.one_of([usual] * (8 - self._odd_metadata) + [st.sampled_from(_ODD)] * self._odd_metadata)

    def _content(self, usual: SearchStrategy[Any]) -> SearchStrategy[Any]:
        return st.one_of([usual] * (8 - self._odd_content) + [st.sampled_from(_ODD)] * self._odd_content)


_TOOLS: Final = {
    "executableCode": _CODE, "codeExecutionResult": _OUTPUT, "toolCall": _SEARCHES, "toolResponse": _FOUND,
}  # fmt: skip
USUAL: Final = Fields()
ODD_METADATA: Final = Fields(odd_metadata=1)
ODD: Final = Fields(odd_metadata=1, odd_content=1)


@st.composite
def wires(draw: DrawFn, *, fields: Fields | None = None, max_events: int = 6) -> bytes:
    """The bytes of a response: mostly event streams, whole or cut; sometimes another body."""
    if draw(st.integers(0, 19)) == 1:
        return draw(st.sampled_from(_BODIES))
    chosen = fields or draw(st.sampled_from((USUAL, USUAL, ODD_METADATA, ODD)))
    events = draw(st.lists(chosen.events(), max_size=max_events))
    if draw(st.integers(0, 2)):
        events += [
            {"candidates": [{"index": index, "finishReason": "STOP"}]} for index in range(draw(st.integers(1, 2)))
        ]
    end, body = draw(st.sampled_from(_LINE_ENDS)), b""
    for event in events:
        if draw(st.integers(0, 7)) == 1:
            body += draw(st.sampled_from(_FOREIGN)) + end
        text = json.dumps(event, ensure_ascii=draw(st.booleans()), separators=(",", ":"))
        body += b"data: " + text.encode("utf-8", "surrogatepass") + end + end
    body += draw(st.sampled_from((b"", b"", b"", b"data: [DONE]\n\n", b"data: {}\n\n", b"rubbish")))
    return body[: draw(st.integers(0, len(body)))] if draw(st.integers(0, 5)) == 1 else body


def _one(name: str, values: tuple[Data, ...]) -> SearchStrategy[Data]:
    return st.fixed_dictionaries({name: st.sampled_from(values)})


def _some(fields: dict[str, SearchStrategy[Any]], *, most: int) -> SearchStrategy[Data]:
    names = st.lists(st.sampled_from(sorted(fields)), unique=True, max_size=most)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: fields[name] for name in chosen}))
