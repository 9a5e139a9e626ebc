"""One choice of a chat stream while it is decoded."""

from __future__ import annotations

from typing import Any, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.jsonform import text_form
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.message_parts import merged_data
from ...stream_chunk.text import TextStreamChunk
from ..minting import Minting
from .calls import Calls
from .content_parts import part_chunks
from .events import Audio, Choice, Delta
from .finish import Ending, is_whole
from .media import AudioTracks, image_chunk, image_urls
from .server_tools import ServerTools
from .sources import of_annotation

Data = dict[str, Any]
Chunks = list[BaseStreamChunk]
_CONTENT: Final = ChunkType.CONTENT
_NOTHING: Final = Delta()


class ChoiceState:
    """What the decoder must remember of one choice: its calls, its media, its end. No text.

    Args:
        index: Index of the choice.
        minting: Makes ids.
        audio: The spoken output of the response.

    Attributes:
        index: Index of the choice.
        ending: What the server said of its end.
    """

    def __init__(self, index: int, minting: Minting, audio: AudioTracks) -> None:
        self.index = index
        self.ending = Ending()
        self._where = index or None
        self._minting, self._audio = minting, audio
        self._track: str | None = None
        self._calls: Calls | None = None
        self._tools: ServerTools | None = None
        self._refused = False
        self._logprobs: list[Data] = []

    def feed(self, choice: Choice, out: Chunks) -> None:
        """Add the chunks of one event to *out*. The event is used up.

        Raises:
            MalformedEvent: Media or text cannot be used.
        """
        delta = choice.delta or choice.message
        if delta is not None:
            content, delta.content = delta.content, None
            if delta != _NOTHING:
                self._feed_delta(delta, content, out)
            elif content:
                if content.__class__ is str:
                    out.append(TextStreamChunk(type=_CONTENT, content=content, choice_index=self._where))
                else:
                    out.extend(part_chunks(content, self._where, self._minting))
        if choice.finish_reason:
            self.ending.take(choice.finish_reason, choice.native_finish_reason, choice.content_filter_results)
        if choice.logprobs is not None:
            self._logprobs.append(choice.logprobs)

    def logprobs(self) -> Data | None:
        """Return the log probabilities of all events, joined; None when none came."""
        return merged_data(self._logprobs)

    def calls(self, *, ended: bool) -> list[Data]:
        """Return the complete calls; *ended* tells that the stream was neither cut nor failed."""
        if self._calls is None:
            return []
        return self._calls.finals(whole=is_whole(self.ending.raw) and (ended or self.ending.raw is not None))

    def reason(self, calls: list[Data]) -> str:
        """Return our word for the end of the choice, given its complete *calls*."""
        return self.ending.reason(calls, refusal=self._refused)

    def _feed_delta(self, delta: Delta, content: Any, out: Chunks) -> None:
        reasoning = delta.reasoning_content or delta.reasoning or delta.thinking
        if reasoning or delta.reasoning_details:
            out.append(self._reasoned(reasoning, delta.reasoning_details))
        self._say(content, delta.extra_content, out)
        if delta.refusal:
            self._refused = True
            out.append(TextStreamChunk(type=ChunkType.REFUSAL, content=delta.refusal, choice_index=self._where))
        if delta.tool_calls or delta.function_call is not None:
            self._call_pieces(delta, out)
        if delta.audio is not None:
            self._hear(delta.audio, out)
        if delta.images or delta.annotations or delta.executed_tools:
            self._rare(delta, out)

    def _say(self, content: Any, extra_content: Data | None, out: Chunks) -> None:
        data = {"openai.chat": {"extra_content": extra_content}} if extra_content else None
        if isinstance(content, list):
            out.extend(part_chunks(content, self._where, self._minting))
            content = ""
        if content or data:
            said = TextStreamChunk(type=_CONTENT, content=content or "", choice_index=self._where, provider_data=data)
            out.append(said)

    def _rare(self, delta: Delta, out: Chunks) -> None:
        out.extend(image_chunk(url, self._minting.another("image")) for url in image_urls(delta.images or []))
        citations = (of_annotation(annotation, self._where) for annotation in delta.annotations or ())
        out.extend(citation for citation in citations if citation is not None)
        if delta.executed_tools:
            self._server_tools(delta.executed_tools, out)

    def _reasoned(self, text: str | None, details: list[Data] | None) -> TextStreamChunk:
        """Reasoning; OpenRouter's details must go back unchanged in the next request."""
        data = {"openai.chat": {"reasoning_details": details}} if details else None
        if details and not text:
            texts = (item.get("text", item.get("summary")) for item in details)
            text = text_form("".join(piece for piece in texts if isinstance(piece, str)))
        return TextStreamChunk(
            type=ChunkType.REASONING, reasoning_delta=text or "", choice_index=self._where, provider_data=data
        )

    def _call_pieces(self, delta: Delta, out: Chunks) -> None:
        if self._calls is None:
            self._calls = Calls(self._where, lambda: self._minting.another("call"))
        chunks = [self._calls.feed(piece) for piece in delta.tool_calls or ()]
        if delta.function_call is not None:
            chunks.append(self._calls.feed_legacy(delta.function_call))
        out.extend(chunk for chunk in chunks if chunk is not None)

    def _hear(self, audio: Audio, out: Chunks) -> None:
        self._track = audio.id or self._track or self._minting.of("audio", self.index)
        if audio.data or audio.transcript:  # else it is the id of what follows, or only `expires_at`
            out.append(self._audio.feed(self._track, audio))

    def _server_tools(self, items: list[Any], out: Chunks) -> None:
        if self._tools is None:
            self._tools = ServerTools(self._where, self._tool_id)
        for item in items:
            out.extend(self._tools.feed(item))

    def _tool_id(self, index: int | None) -> str:
        if index is None:
            return self._minting.another("unnumbered-tool")
        return self._minting.of("tool", f"{self.index}-{index}" if self.index else index)
