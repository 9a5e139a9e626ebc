"""Media between the call and the first attempt, through real backends, over real sockets."""

import asyncio
import base64
import io
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from PIL import Image

from massgen_stream.backend import ChatCompletionsBackend, ClaudeBackend, GeminiBackend, LLMBackend
from massgen_stream.errors import MediaError
from massgen_stream.simulator import Simulator
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk

from ..media.files import audio_file, picture
from ..media.lying_server import Plan as WebPlan
from ..media.lying_server import Request
from ..media.lying_server import Server as WebServer
from ..media.lying_server import serving as serving_web
from .reading import error_info, of_type, text, types, verified
from .server import Plan, Server, answering, failing, serving

pytestmark = pytest.mark.anyio
KEY = "key-of-mine-0123456789"
SOUND = audio_file("wav", 0.1)


async def sound(request: Request) -> None:
    await request.answer(SOUND, content_type="audio/wav")


@asynccontextmanager
async def talking(
    web: WebPlan, *plans: Plan, **options: Any
) -> AsyncGenerator[tuple[ChatCompletionsBackend, Server, WebServer], None]:
    options = {"allow_private_media": True, **options}
    async with (
        serving_web(web) as site,
        serving(*plans) as server,
        ChatCompletionsBackend(base_url=server.url, api_key=KEY, **options) as backend,
    ):
        yield backend, server, site


def asking(*parts: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [{"type": "text", "text": "what?"}, *parts]}]


async def chunks_of(backend: LLMBackend, messages: list[dict[str, Any]], **options: Any) -> list[BaseStreamChunk]:
    chunks = [chunk async for chunk in backend.stream_with_tools(messages, **options)]
    verified(chunks)
    return chunks


async def test_a_url_is_fetched_when_the_stream_is_first_read() -> None:
    async with talking(sound, answering("a bell")) as (backend, server, site):
        stream = backend.stream_with_tools(asking({"type": "audio", "url": site.url}))
        await asyncio.sleep(0.05)
        assert site.requests == []
        chunks = [chunk async for chunk in stream]
        assert text(verified(chunks)) == "a bell"
        assert types(chunks)[:4] == ["start", "attachment", "attachment", "start"]
        sent = server.exchanges[0].json["messages"][0]["content"][1]
        assert sent == {
            "type": "input_audio",
            "input_audio": {"data": base64.b64encode(SOUND).decode(), "format": "wav"},
        }


async def test_every_attempt_uses_what_was_fetched_once() -> None:
    busy = failing(503, {"error": {"message": "busy"}}, retry_after="0")
    async with talking(sound, busy, answering("a")) as (backend, server, site):
        chunks = await chunks_of(backend, asking({"type": "audio", "url": site.url}))
        statuses = [chunk.status for chunk in of_type(verified(chunks), "backend_status")]
        assert statuses == ["retry"]
        assert len(site.requests) == 1
        first, second = (exchange.json["messages"] for exchange in server.exchanges)
        assert first == second


async def test_a_failed_download_is_an_error_of_media_and_nothing_is_sent() -> None:
    async def missing(request: Request) -> None:
        await request.answer(b"gone", 404, content_type="text/plain")

    async with talking(missing, answering("a")) as (backend, server, site):
        chunks = verified(await chunks_of(backend, asking({"type": "audio", "url": site.url})))
        assert error_info(chunks) == {"kind": "media", "retryable": False, "provider": "chatcompletion"}
        (error,) = of_type(chunks, "error")
        assert (error.error or "").startswith("messages[0].content[1]: ")
        assert chunks[-1].finish_reason == "error"
        assert (server.exchanges, len(site.requests)) == ([], 1)


async def test_what_was_brought_is_kept_when_another_medium_fails() -> None:
    answers = [SOUND, b"gone", SOUND]

    async def site_of(request: Request) -> None:
        body = answers.pop(0)
        await request.answer(body, 200 if body is SOUND else 404, content_type="audio/wav")

    async with talking(site_of, answering("a")) as (backend, _, site):
        parts = asking({"type": "audio", "url": site.url}, {"type": "audio", "url": f"{site.url}?2"})
        prepared = backend.prepare(parts, (), "m", {"allow_private_media": True})
        assert prepared.media is not None
        with pytest.raises(MediaError):
            _ = [chunk async for chunk in prepared.media.resolve(None)]
        states = [prepared.media.ready]
        _ = [chunk async for chunk in prepared.media.resolve(None)]
        assert [*states, prepared.media.ready] == [False, True]
        assert [request.path for request in site.requests] == ["/photo.png", "/photo.png?2", "/photo.png?2"]


async def test_private_places_are_refused_unless_allowed() -> None:
    async with talking(sound, answering("a"), allow_private_media=False) as (backend, server, site):
        part = {"type": "audio", "url": site.url.replace("127.0.0.1", "localhost")}
        chunks = verified(await chunks_of(backend, asking(part)))
        assert error_info(chunks)["kind"] == "media"
        assert (site.requests, server.exchanges) == ([], [])
        chunks = verified(await chunks_of(backend, asking(part), allow_private_media=["localhost"]))
        assert text(chunks) == "a"


async def test_options_of_media_are_not_sent() -> None:
    async with talking(sound, answering("a"), media_policy="fit") as (backend, server, _):
        await chunks_of(backend, [{"role": "user", "content": "hi"}])
        assert not {"media_policy", "allow_private_media"} & set(server.exchanges[0].json)


async def endless(request: Request) -> None:
    await request.head(content_type="audio/wav")
    await request.body(SOUND + bytes(2**21))
    while True:
        await request.body(bytes(1000))
        await asyncio.sleep(0.01)


async def test_cancelling_ends_the_download() -> None:
    async with talking(endless, answering("a")) as (backend, server, site):
        stream = backend.stream_with_tools(asking({"type": "audio", "url": site.url}))
        chunks = []
        async for chunk in stream:
            chunks.append(chunk)
            if types(chunks).count("attachment") == 2:
                stream.cancel()
        assert verified(chunks)[-1].finish_reason == "cancelled"
        await asyncio.wait_for(site.idle.wait(), 5)
        assert (server.exchanges, len(site.requests)) == ([], 1)


async def test_leaving_ends_the_download() -> None:
    async with talking(endless, answering("a")) as (backend, server, site):
        seen = 0
        async with backend.stream_with_tools(asking({"type": "audio", "url": site.url})) as stream:
            async for chunk in stream:
                seen += chunk.type == "attachment"
                if seen == 2:
                    break
        await asyncio.wait_for(site.idle.wait(), 5)
        assert (server.exchanges, len(site.requests)) == ([], 1)


async def test_a_download_is_not_the_vendors_time() -> None:
    async def slow(request: Request) -> None:
        await asyncio.sleep(0.4)
        await sound(request)

    async with talking(slow, answering("a")) as (backend, _, site):
        messages = asking({"type": "audio", "url": site.url})
        stream = backend.stream_with_tools(messages, first_chunk_timeout=0.3)
        chunks = [chunk async for chunk in stream]
        assert text(verified(chunks)) == "a"
        assert stream.timing.time_to_first_chunk is not None
        assert stream.timing.time_to_first_chunk >= 0.4


async def test_what_is_shrunk_is_told_as_a_loss() -> None:
    body = io.BytesIO()
    Image.frombytes("RGB", (1300, 1300), random.Random(1).randbytes(3 * 1300**2)).save(body, "PNG")
    large = body.getvalue()
    assert len(large) > 4 * 2**20
    async with talking(sound, answering("a"), provider="groq") as (backend, server, _):
        messages = asking({"type": "image", "data": large})
        chunks = verified(await chunks_of(backend, messages, media_policy="fit"))
        losses = [chunk.detail or "" for chunk in of_type(chunks, "backend_status") if chunk.status == "loss"]
        assert losses
        assert losses[0].startswith("messages[0].content[1]: ")
        sent = server.exchanges[0].json["messages"][0]["content"][1]["image_url"]["url"]
        assert len(sent) < 4 / 3 * 4 * 2**20 + 100


async def test_claude_gets_text_and_other_pictures_as_it_wants_them() -> None:
    async def notes(request: Request) -> None:
        await request.answer("Grüße".encode(), content_type="text/markdown")

    async with (
        serving_web(notes) as site,
        Simulator() as sim,
        ClaudeBackend(base_url=sim.url("claude"), api_key=KEY, allow_private_media=True) as backend,
    ):
        parts: list[dict[str, Any]] = [
            {"type": "document", "url": site.url.replace("photo.png", "notes.md")},
            {"type": "image", "data": picture("BMP")},
        ]
        await chunks_of(backend, asking(*parts), media_policy="fit")
        _, document, image = sim.requests[0].json["messages"][0]["content"]
        assert (document["source"]["data"], document["title"]) == ("Grüße", "notes.md")
        assert image["source"]["media_type"] in ("image/png", "image/jpeg", "image/webp")


async def test_gemini_gets_the_bytes_of_what_it_would_not_read() -> None:
    async def photo(request: Request) -> None:
        await request.answer(picture())

    async with (
        serving_web(photo) as site,
        Simulator() as sim,
        GeminiBackend(base_url=sim.url("gemini"), api_key=KEY, allow_private_media=True) as backend,
    ):
        await chunks_of(backend, asking({"type": "image", "url": site.url}))
        sent = sim.requests[0].json["contents"][0]["parts"][1]["inlineData"]
        assert sent == {"mimeType": "image/png", "data": base64.b64encode(picture()).decode()}


async def test_several_urls_are_fetched_at_the_same_time_and_told_in_order() -> None:
    met = asyncio.Barrier(3)

    async def together(request: Request) -> None:
        await met.wait()
        await sound(request)

    async with talking(together, answering("a")) as (backend, server, site):
        parts = [{"type": "audio", "url": f"{site.url}?{number}"} for number in range(3)]
        chunks = await asyncio.wait_for(chunks_of(backend, asking(*parts)), 20)
        assert text(verified(chunks)) == "a"
        for number in range(3):
            name = f"messages[0].content[{number + 1}]"
            told = [chunk for chunk in chunks if isinstance(chunk, MultimodalStreamChunk)]
            sizes = [chunk.bytes_transferred or 0 for chunk in told if chunk.media_id == name]
            assert sizes[0] == 0
            assert sizes == sorted(sizes)
            assert sizes[-1] == len(SOUND)
        assert len(server.exchanges[0].json["messages"][0]["content"]) == 4


async def test_at_most_four_urls_are_fetched_at_a_time() -> None:
    most = 0

    async def counted(request: Request) -> None:
        nonlocal most
        most = max(most, site.open)
        await asyncio.sleep(0.02)
        await sound(request)

    async with talking(counted, answering("a")) as (backend, _, site):
        parts = [{"type": "audio", "url": f"{site.url}?{number}"} for number in range(9)]
        assert text(verified(await chunks_of(backend, asking(*parts)))) == "a"
    assert most == 4


async def test_a_failed_download_ends_the_others() -> None:
    async def plan(request: Request) -> None:
        await (endless(request) if request.path.endswith("0") else request.answer(b"gone", 404))

    async with talking(plan, answering("a")) as (backend, server, site):
        parts = [{"type": "audio", "url": f"{site.url}?{number}"} for number in range(3)]
        chunks = verified(await chunks_of(backend, asking(*parts)))
        assert error_info(chunks)["kind"] == "media"
        await asyncio.wait_for(site.idle.wait(), 5)
        assert server.exchanges == []
