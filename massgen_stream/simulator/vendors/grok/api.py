"""Methods, key and errors of xAI's chat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from msgspec.structs import replace

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.text import TextStreamChunk
from ....wire.grok.images import PROTOCOL
from ...ask import Ask
from ...request import Request
from ...scripts import Refuse
from ...vendor import JSON, BadRequest, Path, Rpc, Vendor
from ...wiring import Wiring
from .asking import read_ask
from .codes import code_of_status
from .grok_ask import GrokAsk
from .server_work import work_of, works
from .whole import whole_response
from .wiring import GrokWiring

_MODULE: Final = "xai_sdk.proto"
_MESSAGES: Final = {
    401: "Incorrect API key provided. You can obtain an API key from https://console.x.ai.",
    403: "You are not allowed to use this model.",
    404: "The model does not exist or your team does not have access to it.",
    429: "Too many requests. Please slow down.",
    503: "The service is currently overloaded, please try again later.",
}


class GrokAPI(Vendor):
    """The ``xai_api.Chat`` service: chats, streamed and not."""

    protocol = PROTOCOL
    names = ("xai",)
    content_type = "application/grpc"
    comment = b"\n"
    malformed = b"\xff simulated\n"

    def base_url(self, origin: str) -> str:
        """Return the address: HTTP/1.1 and gRPC share it."""
        return origin

    def paths(self) -> tuple[Path, ...]:
        """Return nothing: HTTP/1.1 cannot carry it."""
        return ()

    def rpcs(self) -> tuple[Rpc, ...]:
        """Return the two ways to get an answer."""
        request, answer = "chat_pb2.GetCompletionsRequest", "chat_pb2.GetChatCompletion"
        return (
            Rpc("/xai_api.Chat/GetCompletionChunk", _asked(True), _MODULE, request, f"{answer}Chunk", True),
            Rpc("/xai_api.Chat/GetCompletion", _asked(False), _MODULE, request, f"{answer}Response", False),
        )

    def key(self, headers: Mapping[str, str]) -> str | None:
        """Return the bearer token."""
        scheme, _, key = headers.get("authorization", "").partition(" ")
        return key.strip() if scheme.lower() == "bearer" else None

    def response_id(self, serial: int) -> str:
        """Return an id like xAI's."""
        return f"sim-{serial:08x}-0000-0000-0000-000000000000"

    def wiring(self, created: int) -> Wiring:
        """Return the encoder of one answer."""
        return GrokWiring(created)

    def server_work(self, ask: Ask, serial: int) -> Iterable[BaseStreamChunk]:
        """Return encrypted reasoning, and what xAI's tools do."""
        if isinstance(ask, GrokAsk):
            if ask.encrypted:
                data = {PROTOCOL: {"encrypted_content": [f"simulated-{serial}-c2VjcmV0"]}}
                yield TextStreamChunk(type=ChunkType.REASONING, reasoning_delta="", provider_data=data)
            yield from work_of(ask, serial)

    def answer(self, ask: Ask, serial: int) -> Iterable[BaseStreamChunk]:
        """Return the default answer; what follows the work of tools is an output of its own."""
        said = super().answer(ask, serial)
        tools = works(ask) if isinstance(ask, GrokAsk) else []
        if not tools:
            return said
        return _moved(said, f"{self.response_id(serial)}-output-{len(tools) + 1}")

    def whole(self, stream: bytes, ask: Ask) -> JSON:  # noqa: ARG002 - the messages say it all
        """Return a ``GetChatCompletionResponse``."""
        return whole_response(stream)

    def refusal(self, refuse: Refuse, *, param: str | None = None) -> JSON:  # noqa: ARG002 - gRPC has no field for it
        """Return the status of a call."""
        message = refuse.message or _MESSAGES.get(refuse.status, "The request failed.")
        return {"code": code_of_status(refuse.status), "message": message}


def _moved(chunks: Iterable[BaseStreamChunk], item_id: str) -> Iterator[BaseStreamChunk]:
    for chunk in chunks:
        if isinstance(chunk, TextStreamChunk) and chunk.type is ChunkType.CONTENT:
            yield replace(chunk, item_id=item_id)
        elif isinstance(chunk, TextStreamChunk) and chunk.type is ChunkType.DONE:
            row: dict[str, Any] = {"index": int(item_id.rpartition("-")[2]), "finish_reason": chunk.finish_reason}
            yield replace(chunk, finish_details={"outputs": [row]})
        else:
            yield chunk


def _asked(stream: bool) -> partial[GrokAsk]:
    return partial(_completion, stream=stream)


def _completion(request: Request, *, stream: bool) -> GrokAsk:
    if not isinstance(request.json, dict):
        raise BadRequest("The request is no GetCompletionsRequest.")
    return read_ask(request.json, stream=stream)
