"""Pictures in the answers of language models: as media of the answer, with what the model says besides."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, Final

from ..backend.sdk_client import SDKClient
from ..backend.turn import Turn
from ..errors import ProviderError
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.narrow import usage
from ..stream_chunk.text import TextStreamChunk
from ..wire import decoder
from ..wire.error_kinds import error_info_of, error_message_of
from .sdk_answers import answer
from .segments import is_final

_WHOLE: Final = frozenset(("stop", "length", "content_filter", "refusal", "tool_calls", "pause", "other"))
"""Ends of answers in which no error was told."""
_WITHHELD: Final = frozenset(("content_filter", "refusal"))
_BARE: Final = "the model has answered without a picture; say in the prompt that one is to be made"


async def drawn_answer(
    client: SDKClient, turn: Turn, protocol: str, body: Mapping[str, Any], **required: Any
) -> AsyncGenerator[BaseStreamChunk, None]:
    """Yield a model's answer as it comes; one that ends well has a picture in it.

    Args:
        client: See `massgen_stream.generation.openai_sdk.opened`.
        turn: The attempt.
        protocol: Wire protocol of the answer.
        body: Of the request.
        required: Arguments that the SDK insists on, and that the body replaces.

    Raises:
        ProviderError: The model made no picture, and says why, or does not.
    """
    seen = _Seen()
    arguments = {**required, "model": body["model"], "stream": True, "extra_body": body}
    chunks = answer(client, turn, lambda _: decoder(protocol, id_prefix=turn.id_prefix), arguments)
    async with aclosing(chunks):
        async for chunk in chunks:
            missing = seen.note(chunk)
            if missing is not None:
                if isinstance(chunk, TextStreamChunk) and chunk.usage:
                    yield usage(chunk.usage)
                raise missing
            yield chunk


class _Seen:
    """What has come of an answer."""

    def __init__(self) -> None:
        self._pictures = 0
        self._failure: Mapping[str, Any] | None = None

    def note(self, chunk: BaseStreamChunk) -> ProviderError | None:
        """Return why there is no picture, once the answer has ended without one."""
        self._pictures += is_final(chunk)
        if isinstance(chunk, TextStreamChunk):
            if chunk.type is ChunkType.SERVER_TOOL_CALL:
                self._failure = _failure_of(chunk) or self._failure
            if chunk.type is ChunkType.DONE and not self._pictures and chunk.finish_reason in _WHOLE:
                return self._why(chunk.finish_reason or "")
        return None

    def _why(self, finish_reason: str) -> ProviderError:
        if self._failure is not None:
            info = error_info_of(self._failure)
            message = error_message_of(self._failure)
            return ProviderError(message, kind=info["kind"], code=info.get("code"), raw=self._failure)
        return ProviderError(_BARE, kind="content_filter" if finish_reason in _WITHHELD else "media")


def _failure_of(chunk: TextStreamChunk) -> Mapping[str, Any] | None:
    """Return the error of a tool that has failed."""
    for own in (chunk.provider_data or {}).values():
        item = own.get("item") if isinstance(own, dict) else None
        error = item.get("error") if isinstance(item, dict) else None
        if isinstance(error, dict):
            return error
    return None
