"""One choice of a chat stream while it is decoded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import MalformedEvent
from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.message_parts import merged_data
from ...stream_chunk.text import TextStreamChunk
from .calls import Calls
from .events import Audio, Choice, Delta
from .finish import NORMAL, finish_reason_of, is_whole
from .lenient import is_finite
from .media import AudioTrack, image_chunk, image_urls
from .server_tools import ServerTools
from .sources import of_annotation

Data = dict[str, Any]
Chunks = list[BaseStreamChunk]
_CONTENT, _REFUSAL, _REASONING = ChunkType.CONTENT, ChunkType.REFUSAL, ChunkType.REASONING


class ChoiceState:
    """What the decoder must remember of one choice: its calls, its media, its end. No text.

    Attributes:
        index: Index of the choice.
        finish_reason: The server's latest word.
        details: What else it said of the end.
    """

    def __init__(self, index: int, mint: Callable[[str, object], str]) -> None:
        self.index = index
        self.finish_reason: str | None = None
        self.details: Data = {}
        self._where = index or None
        self._mint = mint
        self._calls: Calls | None = None
        self._tools: ServerTools | None = None
        self._audio: list[AudioTrack] = []
        self._refused = False
        self._logprobs: list[Data] = []

    def feed(self, choice: Choice, out: Chunks) -> None:
        """Add the chunks of one event to *out*.

        Raises:
            MalformedEvent: Media or text cannot be used.
        """
        delta = choice.delta or choice.message
        if delta is not None:
            self._feed_delta(delta, out)
        if choice.logprobs is not None:
            self._logprobs.append(choice.logprobs)
        if choice.finish_reason:
            self._finish(choice)

    def logprobs(self) -> Data | None:
        """Return the log probabilities of all events, joined; None when none came."""
        return merged_data(self._logprobs)

    def media_finals(self) -> Chunks:
        """Return the final chunk of each medium that came in segments."""
        return [track.final() for track in self._audio]

    def calls(self, *, whole: bool) -> list[Data]:
        """Return the complete calls; *whole* tells that the stream was not cut."""
        return self._calls.finals(whole=whole and is_whole(self.finish_reason)) if self._calls else []

    def reason(self, calls: list[Data]) -> str:
        """Return our word for the end of the choice, given its complete *calls*."""
        valid = any("invalid" not in call for call in calls)
        return finish_reason_of(self.finish_reason, calls=valid, refusal=self._refused)

    def _finish(self, choice: Choice) -> None:
        self.finish_reason = choice.finish_reason
        if choice.native_finish_reason and choice.native_finish_reason != choice.finish_reason:
            self.details["native_finish_reason"] = choice.native_finish_reason
        if (
            choice.content_filter_results
            and finish_reason_of(choice.finish_reason, calls=False, refusal=False) not in NORMAL
        ):
            self.details["content_filter_results"] = choice.content_filter_results

    def _feed_delta(self, delta: Delta, out: Chunks) -> None:
        reasoning = delta.reasoning_content or delta.reasoning or delta.thinking
        if reasoning or delta.reasoning_details:
            out.append(self._reasoned(reasoning, delta.reasoning_details))
        content = delta.content
        if isinstance(content, list):
            self._content_parts(content, out)
        elif content or delta.extra_content:
            out.append(self._text(content or "", delta.extra_content))
        if delta.refusal:
            self._refused = True
            out.append(TextStreamChunk(type=_REFUSAL, content=delta.refusal, choice_index=self._where))
        if delta.tool_calls or delta.function_call is not None:
            self._call_pieces(delta, out)
        if delta.audio is not None:
            self._hear(delta.audio, out)
        if delta.images or delta.annotations or delta.executed_tools:
            self._rare(delta, out)

    def _rare(self, delta: Delta, out: Chunks) -> None:
        if delta.images:
            out.extend(image_chunk(url, self._mint("image", None)) for url in image_urls(delta.images))
        for annotation in delta.annotations or ():
            citation = of_annotation(annotation, self._where)
            if citation is not None:
                out.append(citation)
        if delta.executed_tools:
            self._server_tools(delta.executed_tools, out)

    def _text(self, text: str, extra_content: Data | None) -> TextStreamChunk:
        data = {"openai.chat": {"extra_content": extra_content}} if extra_content else None
        return TextStreamChunk(type=_CONTENT, content=text, choice_index=self._where, provider_data=data)

    def _reasoned(self, text: str | None, details: list[Data] | None) -> TextStreamChunk:
        """Reasoning; OpenRouter's details must go back unchanged in the next request."""
        data = None
        if details:
            if not text:
                texts = (item.get("text", item.get("summary")) for item in details)
                text = "".join(piece for piece in texts if isinstance(piece, str))
            data = {"openai.chat": {"reasoning_details": details}} if is_finite(details) else None
        return TextStreamChunk(
            type=_REASONING, reasoning_delta=text or "", choice_index=self._where, provider_data=data
        )

    def _content_parts(self, parts: Any, out: Chunks) -> None:
        """Content as a list of parts, as Mistral sends it (https://docs.mistral.ai/capabilities/reasoning)."""
        for part in parts:
            kind = part.get("type") if isinstance(part, dict) else None
            if isinstance(part, str) or kind == "text":
                text = part if isinstance(part, str) else _joined(part.get("text"))
                if text:
                    out.append(TextStreamChunk(type=_CONTENT, content=text, choice_index=self._where))
            elif kind == "thinking":
                text = _joined(part.get("thinking"))
                if text or part.get("signature"):
                    out.append(self._thought(text, part))
            elif kind == "image_url":
                out.extend(image_chunk(url, self._mint("image", None)) for url in image_urls([part]))
            elif isinstance(part, dict) and is_finite(part):
                data = {"openai.chat": {"content_parts": [part]}}
                out.append(TextStreamChunk(type=_CONTENT, content="", choice_index=self._where, provider_data=data))

    def _thought(self, text: str, part: Data) -> TextStreamChunk:
        signature = part.get("signature")
        data = {"openai.chat": {"thinking_signature": signature}} if isinstance(signature, str) and signature else None
        return TextStreamChunk(type=_REASONING, reasoning_delta=text, choice_index=self._where, provider_data=data)

    def _call_pieces(self, delta: Delta, out: Chunks) -> None:
        if self._calls is None:
            self._calls = Calls(self._where, lambda: self._mint("call", None))
        chunks = [self._calls.feed(piece) for piece in delta.tool_calls or ()]
        if delta.function_call is not None:
            chunks.append(self._calls.feed_legacy(delta.function_call))
        out.extend(chunk for chunk in chunks if chunk is not None)

    def _hear(self, audio: Audio, out: Chunks) -> None:
        if not (audio.data or audio.transcript):
            return  # an id, or only `expires_at`
        if not self._audio:
            self._audio.append(AudioTrack(audio.id or self._mint("audio", self.index)))
        chunk = self._audio[0].feed(audio)
        if chunk is not None:
            out.append(chunk)

    def _server_tools(self, items: list[Any], out: Chunks) -> None:
        if self._tools is None:
            self._tools = ServerTools(self._where, lambda index: self._mint("tool", index))
        for item in items:
            out.extend(self._tools.feed(item))


def _joined(value: Any) -> str:
    """Return text that is a string, or a list of text parts.

    Raises:
        MalformedEvent: It is neither.
    """
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, list):
        return "".join(_joined(item.get("text") if isinstance(item, dict) else item) for item in value)
    raise MalformedEvent(f"text is {type(value).__name__}", value)
