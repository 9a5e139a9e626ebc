"""One candidate of a response while it is decoded."""

from __future__ import annotations

from typing import Any, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.message_parts import merged_data
from ...stream_chunk.text import TextStreamChunk
from ..minting import Minting
from ..text_places import TextPlaces
from .calls import PROTOCOL, Calls
from .events import Candidate, Content, Part, extras_of
from .finish import Ending, finish_reason_of
from .media import Media
from .server_tools import CALLS, RESULTS, ServerTools
from .sources import LISTED, Sources

Data = dict[str, Any]
Chunks = list[BaseStreamChunk]
_CONTENT: Final = ChunkType.CONTENT
_NOTHING: Final = Part()
_NOTHING_ELSE: Final = Candidate()


class CandidateState:
    """What the decoder must remember of one candidate. No text.

    Args:
        index: Index of the candidate.
        minting: Makes ids.
        media: The media of the response.

    Attributes:
        index: Index of the candidate.
        ending: What was said of its end.
        calls: Calls of the client's tools.
    """

    def __init__(self, index: int, minting: Minting, media: Media) -> None:
        self.index = index
        self.ending = Ending()
        self._where = index or None
        self._media = media
        self._places = TextPlaces()
        self._sources = Sources(self._where, self._places)
        self.calls = Calls(self._where, lambda: minting.another("call"))
        self._tools = ServerTools(self._where, lambda: minting.another("tool"))
        self._told: Data = {}
        self._logprobs: list[Data] = []
        self._run: ChunkType | None = None  # what kind of text the last chunk was, and how much of it has come
        self._length = 0
        self._spoken = False

    def feed(self, candidate: Candidate, out: Chunks) -> None:
        """Add the chunks of one event to *out*. The event is used up.

        Raises:
            MalformedEvent: Arguments cannot be used.
        """
        content, candidate.content, candidate.index = candidate.content, None, None
        place = len(out)
        try:
            if content is not None:
                self._parts(content, out)
            if candidate != _NOTHING_ELSE:
                self._rest(candidate, out)
        finally:
            self._spoken = self._spoken or len(out) > place

    @property
    def blank(self) -> bool:
        """Whether nothing has come of it."""
        ending = self.ending
        return not (self._spoken or ending.raw or ending.message or ending.token or self.told())

    def reason(self) -> str:
        """Return our word for the end of the candidate."""
        return finish_reason_of(self.ending.raw, calls=self.calls.valid)

    def told(self) -> Data:
        """Return what was said beside the content: ratings, grounding, log probabilities."""
        logprobs = merged_data(self._logprobs)
        told = {**self._told, "safetyRatings": self.ending.ratings, "logprobsResult": logprobs}
        return {name: value for name, value in told.items() if value not in (None, [], {})}

    def _parts(self, content: Content, out: Chunks) -> None:
        for part in content.parts or ():
            text, part.text = part.text, None
            if part != _NOTHING:
                self._part(part, text, out)
            elif text:
                self._places.add(text)
                self._grow(_CONTENT, len(text))
                out.append(TextStreamChunk(type=_CONTENT, content=text, choice_index=self._where))

    def _part(self, part: Part, text: str | None, out: Chunks) -> None:
        extras = extras_of(part)
        holds = len(out)
        said = self._said(part, extras, out)
        if any(chunk.type is not ChunkType.BACKEND_STATUS for chunk in out[holds:]):
            self._run = None
        if text or not said:
            self._text(text, {} if said else extras, bool(part.thought), out)

    def _said(self, part: Part, extras: Data, out: Chunks) -> bool:
        """Add the chunks of everything but text; return whether there was a field for it."""
        said = False
        if part.functionCall is not None:
            chunks = self.calls.feed(part.functionCall, extras)
            out.extend(chunks or ())
            said = chunks is not None
        if part.inlineData is not None or part.fileData is not None:
            said = self._medium(part, self._owned(extras), out) or said
        for field in CALLS:
            if (item := getattr(part, field)) is not None:
                out.append(self._tools.call(field, item, extras))
                said = True
        for field in RESULTS:
            if (item := getattr(part, field)) is not None:
                out.append(self._tools.result(field, item, extras))
                said = True
        return said

    def _medium(self, part: Part, extras: Data, out: Chunks) -> bool:
        found = [
            self._media.inline(part.inlineData, extras) if part.inlineData is not None else None,
            self._media.file(part.fileData, extras) if part.fileData is not None else None,
        ]
        media = [chunk for chunk in found if chunk is not None]
        out.extend(media)
        return bool(media)

    def _owned(self, extras: Data) -> Data:
        """A medium says in its data which candidate it is of, since media chunks have no field for it."""
        return {**extras, "candidate": self.index} if self.index else extras

    def _text(self, text: str | None, extras: Data, thought: bool, out: Chunks) -> None:
        extras.pop("thought", None)
        kind = ChunkType.REASONING if thought else _CONTENT
        if text is not None and not text and extras:
            extras["text"] = ""  # an empty text is not the same as none
        if not (text or extras):
            return
        text = text or ""
        end = self._grow(kind, len(text))
        parts = [{"start": end - len(text), "end": end, **extras}]
        data = {PROTOCOL: {"parts": parts}} if extras else None
        if thought:
            out.append(TextStreamChunk(type=kind, reasoning_delta=text, choice_index=self._where, provider_data=data))
            return
        self._places.add(text)
        out.append(TextStreamChunk(type=kind, content=text, choice_index=self._where, provider_data=data))

    def _grow(self, kind: ChunkType, length: int) -> int:
        """Return the length of the run of one kind of text, which has grown by *length*."""
        if self._run is not kind:
            self._run, self._length = kind, 0
        self._length += length
        return self._length

    def _rest(self, said: Candidate, out: Chunks) -> None:
        ending = self.ending
        ending.raw = said.finishReason or ending.raw
        ending.message = said.finishMessage or ending.message
        ending.token = said.continuationToken or ending.token
        ending.ratings = said.safetyRatings or ending.ratings
        if said.citationMetadata:
            out.extend(self._sources.recited(said.citationMetadata))
        if said.groundingMetadata:
            out.extend(self._sources.grounding(said.groundingMetadata))
            rest = {name: value for name, value in said.groundingMetadata.items() if name not in LISTED}
            self._told["groundingMetadata"] = self._told.get("groundingMetadata", {}) | rest
        if said.urlContextMetadata:
            self._told["urlContextMetadata"] = said.urlContextMetadata
        if said.avgLogprobs is not None:
            self._told["avgLogprobs"] = said.avgLogprobs
        if said.logprobsResult:
            self._logprobs.append(said.logprobsResult)
