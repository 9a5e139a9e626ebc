"""Methods, key and errors of xAI's API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from msgspec.structs import replace

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.text import TextStreamChunk
from ....wire.grok.images import PROTOCOL
from ...ask import Ask
from ...bearer import bearer_token
from ...given import Given
from ...media_jobs import Jobs
from ...named_media import NamedMedia
from ...request import Request
from ...scripts import Refuse
from ...vendor import JSON, BadRequest, Path, Result, Rpc, Vendor
from ...wiring import Wiring
from .asking import read_ask
from .codes import code_of_status
from .files import Files
from .grok_ask import GrokAsk
from .imagining import PLACE, Imagining
from .server_work import work_of, works
from .whole import whole_response
from .wiring import GrokWiring

_MODULE: Final = "xai_sdk.proto"
_REQUEST_SECONDS: Final = 86_400.0
"""As long as deferred answers of its chat can be had; of videos xAI says that their addresses are temporary."""
_RESPONSE_SECONDS: Final = 30 * 86_400.0
"""https://docs.x.ai/docs/guides/responses-api: responses are stored for 30 days."""
_MESSAGES: Final = {
    401: "Incorrect API key provided. You can obtain an API key from https://console.x.ai.",
    403: "You are not allowed to use this model.",
    404: "The model does not exist or your team does not have access to it.",
    429: "Too many requests. Please slow down.",
    503: "The service is currently overloaded, please try again later.",
}


class GrokAPI(Vendor):
    """The services ``xai_api.Chat``, streamed and not, ``xai_api.Image``, ``xai_api.Video`` and ``xai_api.Files``."""

    protocol = PROTOCOL
    names = ("xai",)
    content_type = "application/grpc"
    comment = b"\n"
    malformed = b"\xff simulated\n"

    def __init__(self, given: Given | None = None) -> None:
        super().__init__(given)
        self._files, self._responses = Files(self.given), self.given.ids("xai.responses")
        self._media = NamedMedia(self.given, PLACE, _REQUEST_SECONDS)
        jobs = Jobs(self.given.ids("xai.requests"), _REQUEST_SECONDS)
        self._imagining = Imagining(jobs, self._files, self._media)

    def base_url(self, origin: str) -> str:
        """Return the address: HTTP/1.1 and gRPC share it."""
        return origin

    def paths(self) -> tuple[Path, ...]:
        """Return where finished media are; HTTP/1.1 cannot carry the rest."""
        return (Path("GET", f"{PLACE}/{{name}}", self._media.file, is_public=True),)

    def rpcs(self) -> tuple[Rpc, ...]:
        """Return the two ways to get an answer, those to get media, and files."""
        made = self._imagining
        request, answer = "chat_pb2.GetCompletionsRequest", "chat_pb2.GetChatCompletion"
        return (
            Rpc(
                "/xai_api.Chat/GetCompletionChunk",
                partial(self._completion, stream=True),
                _MODULE,
                request,
                f"{answer}Chunk",
                True,
            ),
            Rpc(
                "/xai_api.Chat/GetCompletion",
                partial(self._completion, stream=False),
                _MODULE,
                request,
                f"{answer}Response",
                False,
            ),
            _unary(
                "Image/GenerateImage", made.made_images, "image_pb2.GenerateImageRequest", "image_pb2.ImageResponse"
            ),
            *(
                _unary(f"Video/{method}", handle, f"video_pb2.{method}Request", response)
                for method, handle, response in (
                    ("GenerateVideo", made.begun_video, "deferred_pb2.StartDeferredResponse"),
                    ("ExtendVideo", made.extended_video, "deferred_pb2.StartDeferredResponse"),
                    ("GetDeferredVideo", made.video_so_far, "video_pb2.GetDeferredVideoResponse"),
                )
            ),
            *self._files.rpcs(_MODULE),
        )

    def key(self, headers: Mapping[str, str]) -> str | None:
        """Return the bearer token."""
        return bearer_token(headers)

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

    def note(self, ask: Ask, chunk: BaseStreamChunk) -> None:
        """Note a response that is stored."""
        is_start = isinstance(chunk, TextStreamChunk) and chunk.type is ChunkType.START
        if is_start and isinstance(ask, GrokAsk) and ask.stored:
            self._responses.give(str(getattr(chunk, "response_id", "")), True, _RESPONSE_SECONDS)

    def _completion(self, request: Request, *, stream: bool) -> GrokAsk:
        if not isinstance(request.json, dict):
            raise BadRequest("The request is no GetCompletionsRequest.")
        ask = read_ask(request.json, stream=stream)
        previous = request.json.get("previous_response_id")
        if previous and not self._responses.knows(previous):  # https://github.com/pajeronda/xai_conversation/issues/9
            raise BadRequest(f"Response with id={previous:.80} not found", status=404)
        self._files.check(request.json["messages"])
        return ask


def _moved(chunks: Iterable[BaseStreamChunk], item_id: str) -> Iterator[BaseStreamChunk]:
    for chunk in chunks:
        if isinstance(chunk, TextStreamChunk) and chunk.type is ChunkType.CONTENT:
            yield replace(chunk, item_id=item_id)
        elif isinstance(chunk, TextStreamChunk) and chunk.type is ChunkType.DONE:
            row: dict[str, Any] = {"index": int(item_id.rpartition("-")[2]), "finish_reason": chunk.finish_reason}
            yield replace(chunk, finish_details={"outputs": [row]})
        else:
            yield chunk


def _unary(method: str, handle: Callable[[Request], Result], request: str, response: str) -> Rpc:
    return Rpc(f"/xai_api.{method}", handle, _MODULE, request, response, False)
