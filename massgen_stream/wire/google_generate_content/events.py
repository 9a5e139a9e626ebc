"""The events of a ``streamGenerateContent`` response: only the fields we use, in the types that Google sends.

https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse. Field names are those of the wire.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec

Index = Annotated[int, msgspec.Meta(ge=0)]
Data = dict[str, Any]

PARTS: Final = "candidates[].content.parts"
PART: Final = f"{PARTS}[]"
"""Where parts are, as error messages name it."""

WORDS: Final = ("thoughtSignature", "mediaProcessing")
"""Fields of a part that are a word, and are handed on as well."""

OPAQUE: Final = ("functionResponse", "audioTranscription", "speechMetadata", "videoMetadata", "mediaResolution",
                 "partMetadata")  # fmt: skip
"""Fields of a part that are handed on as they are, to be sent back in the next request."""

EXTRAS: Final = ("thought", *WORDS, *OPAQUE)
"""Fields of a part that belong to whatever else it holds."""


class Blob(msgspec.Struct, gc=False):
    """A medium; `data` is base64 on the wire."""

    mimeType: str | None = None  # noqa: N815 - the names of the wire
    data: bytes | None = None


class PartialArg(msgspec.Struct, gc=False):
    """One value of a call's arguments, or a piece of a string."""

    jsonPath: str | None = None  # noqa: N815
    stringValue: str | None = None  # noqa: N815
    numberValue: int | float | None = None  # noqa: N815
    boolValue: bool | None = None  # noqa: N815
    nullValue: Any = None  # noqa: N815
    willContinue: bool | None = None  # noqa: N815


class FunctionCall(msgspec.Struct, gc=False):
    """A call, whole or a piece of one."""

    id: str | None = None
    name: str | None = None
    args: Data | None = None
    partialArgs: list[PartialArg] | None = None  # noqa: N815
    willContinue: bool | None = None  # noqa: N815


class Part(msgspec.Struct, gc=False):
    """A piece of the answer."""

    text: str | None = None
    thought: bool | None = None
    thoughtSignature: str | None = None  # noqa: N815
    functionCall: FunctionCall | None = None  # noqa: N815
    inlineData: Blob | None = None  # noqa: N815
    fileData: Data | None = None  # noqa: N815
    executableCode: Data | None = None  # noqa: N815
    codeExecutionResult: Data | None = None  # noqa: N815
    toolCall: Data | None = None  # noqa: N815
    toolResponse: Data | None = None  # noqa: N815
    functionResponse: Data | None = None  # noqa: N815
    audioTranscription: Data | None = None  # noqa: N815
    speechMetadata: Data | None = None  # noqa: N815
    mediaProcessing: str | None = None  # noqa: N815
    videoMetadata: Data | None = None  # noqa: N815
    mediaResolution: Data | None = None  # noqa: N815
    partMetadata: Data | None = None  # noqa: N815


class Content(msgspec.Struct, gc=False):
    """What a candidate adds."""

    parts: list[Part] | None = None


class Candidate(msgspec.Struct, gc=False):
    """One candidate of an event."""

    content: Content | None = None
    index: Index | None = None
    finishReason: str | None = None  # noqa: N815
    finishMessage: str | None = None  # noqa: N815
    continuationToken: str | None = None  # noqa: N815
    safetyRatings: list[Any] | None = None  # noqa: N815
    citationMetadata: Data | None = None  # noqa: N815
    groundingMetadata: Data | None = None  # noqa: N815
    urlContextMetadata: Data | None = None  # noqa: N815
    avgLogprobs: int | float | None = None  # noqa: N815
    logprobsResult: Data | None = None  # noqa: N815


class Event(msgspec.Struct, gc=False):
    """One event; `error` is that of an error that comes with status 200."""

    candidates: list[Candidate] | None = None
    usageMetadata: Data | None = None  # noqa: N815
    modelVersion: str | None = None  # noqa: N815
    responseId: str | None = None  # noqa: N815
    createTime: str | None = None  # noqa: N815
    promptFeedback: Data | None = None  # noqa: N815
    modelStatus: Data | None = None  # noqa: N815
    error: Any = None


KNOWN: Final = ("candidates", "usageMetadata", "modelVersion", "responseId", "promptFeedback", "createTime",
                "modelStatus")  # fmt: skip
"""Fields by which an event is known as one of this protocol."""

decode_event = msgspec.json.Decoder(Event).decode
"""Decode an event whose fields have the usual types; raises what msgspec raises."""


def extras_of(part: Part) -> Data:
    """Return the fields of *part* that belong to whatever else it holds."""
    said = ((name, getattr(part, name)) for name in EXTRAS)
    return {name: value for name, value in said if value}
