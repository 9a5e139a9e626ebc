"""Google's Files API through its SDK, against the simulator and a server that misbehaves."""

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from massgen_stream.backend import GeminiBackend, LLMBackend, create_backend
from massgen_stream.backend.gemini_files import files_transport
from massgen_stream.backend.instruments import Instruments
from massgen_stream.backend.limits import StreamLimits
from massgen_stream.errors import ConfigurationError, ProviderError, TransportError
from massgen_stream.provider import get_provider
from massgen_stream.simulator import Simulator

from ..media.files import video_file
from .reading import read, text, types, verified
from .server import Exchange, Server, silent
from .server import serving as answering

pytestmark = pytest.mark.anyio
KEY = "key-of-mine-0123456789"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
apis = pytest.mark.parametrize("api", ["generate_content", "interactions"])


async def at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


def backend_at(url: str, **options: Any) -> LLMBackend:
    return create_backend("gemini", base_url=url, **{"api_key": KEY, **options})


@apis
async def test_a_file_is_uploaded_in_pieces_and_sent_by_its_address(api: str) -> None:
    large = PDF + bytes(9 * 2**20)
    async with Simulator() as sim, backend_at(sim.url("gemini"), api=api) as backend:
        part = await backend.upload(large, filename="paper.pdf")
        begin, *pieces = sim.requests
        assert begin.json["file"]["display_name"] == "paper.pdf"
        assert begin.headers["x-goog-upload-protocol"] == "resumable"
        assert [piece.headers["x-goog-upload-command"] for piece in pieces] == ["upload", "upload, finalize"]
        assert b"".join(piece.body for piece in pieces) == large
        assert part["expires_at"] > 0
        assert part["file_id"].startswith("files/sim")
        await read(backend.stream_with_tools([{"role": "user", "content": [part]}]))
        address = f"https://generativelanguage.googleapis.com/v1beta/{part['file_id']}"
        assert f'"{address}"'.encode() in sim.requests[-1].body
        assert b"application/pdf" in sim.requests[-1].body
        await backend.delete_file(part["file_id"])
        with pytest.raises(ProviderError, match="may not exist"):
            await backend.delete_file(part["file_id"])


async def test_a_video_is_looked_at_until_it_is_ready() -> None:
    instruments = Instruments(sleep=at_once)
    async with Simulator() as sim, backend_at(sim.url("gemini"), instruments=instruments) as backend:
        chunks = [chunk async for chunk in backend.stream_upload(video_file(), filename="a.mp4")]
        assert types(chunks)[-1] == "attachment_complete"
        assert [one.method for one in sim.requests] == ["POST", "POST", "GET", "GET"]
        await backend.upload(video_file(), filename="a.mp4")
        assert len(sim.requests) == 4


async def test_a_video_that_cannot_be_processed_is_an_error_of_media() -> None:
    instruments = Instruments(sleep=at_once)
    async with Simulator() as sim, backend_at(sim.url("gemini"), instruments=instruments) as backend:
        with pytest.raises(ProviderError, match="could not process the file: The file cannot be processed") as caught:
            await backend.upload(video_file(), filename="fault:error.mp4")
        assert (caught.value.kind, caught.value.retryable) == ("media", False)


async def test_a_file_may_be_told_by_its_address() -> None:
    async def gone(exchange: Exchange) -> None:
        await exchange.reply(200, {})

    async with answering(gone) as server, backend_at(bare(server)) as backend:
        await backend.delete_file("https://generativelanguage.googleapis.com/v1/files/abc-123")
        await backend.delete_file("files/abc-123")
        assert [exchange.path for exchange in server.exchanges] == ["/v1/files/abc-123"] * 2


async def test_expiry_is_googles() -> None:
    async with backend_at("http://127.0.0.1:9") as backend:
        with pytest.raises(ConfigurationError, match="expires_after_seconds: gemini decides itself"):
            backend.stream_upload(PDF, expires_after_seconds=3600)


async def test_without_a_key_none_is_sent() -> None:
    async with Simulator() as sim, backend_at(sim.url("gemini"), api_key=None) as backend:
        part = await backend.upload(PDF)
        await backend.delete_file(part["file_id"])
        assert [one.headers.get("x-goog-api-key") for one in sim.requests] == [None] * 3


async def test_what_is_over_the_limit_is_uploaded_when_asked() -> None:
    host = replace(get_provider("gemini"), input_media={"video": 100})
    instruments = Instruments(sleep=at_once)
    async with (
        Simulator() as sim,
        GeminiBackend(host, base_url=sim.url("gemini"), api_key=KEY, instruments=instruments) as backend,
    ):
        asked = [{"role": "user", "content": [{"type": "video", "data": video_file()}]}]
        chunks = [chunk async for chunk in backend.stream_with_tools(asked, media_policy="upload")]
        assert text(verified(chunks))
        assert "attachment_complete" in types(chunks)
        assert b"fileUri" in sim.requests[-1].body


def bare(server: Server) -> str:
    return server.url.removesuffix("/v1")


async def refused(exchange: Exchange) -> None:
    await exchange.reply(503, {"error": {"code": 503, "message": "busy", "status": "UNAVAILABLE"}})


async def test_a_refused_piece_is_told_at_once() -> None:
    async def begun(exchange: Exchange) -> None:
        await exchange.reply(200, {}, x_goog_upload_url=f"{place[0]}/piece", x_goog_upload_status="active")

    place: list[str] = []
    async with answering(begun, refused) as server, backend_at(bare(server)) as backend:
        place.append(bare(server))
        with pytest.raises(ProviderError, match="busy") as caught:
            await backend.upload(PDF)
        assert (caught.value.status, caught.value.retryable) == (503, True)
        assert len(server.exchanges) == 2  # the SDK alone would send the piece three times


async def test_an_answer_without_the_address_of_the_upload_is_a_typed_error() -> None:
    async def plain(exchange: Exchange) -> None:
        await exchange.reply(200, {"file": {"name": "files/x"}})

    async with answering(plain) as server, backend_at(bare(server)) as backend:
        with pytest.raises(ProviderError, match="did not end as its protocol says") as caught:
            await backend.upload(PDF)
        assert caught.value.kind == "protocol"


async def test_a_server_that_says_nothing_is_a_typed_error() -> None:
    async with answering(silent) as server, backend_at(bare(server), read_timeout=0.05) as backend:
        with pytest.raises(TransportError, match="read_timeout"):
            await backend.upload(PDF)


def test_limits_become_options_of_the_sdk() -> None:
    assert files_transport("http://a", StreamLimits(read_timeout=1.5)) == {
        "http_options": {"timeout": 1500, "base_url": "http://a"}
    }
    assert files_transport(None, StreamLimits(read_timeout=None)) == {"http_options": {}}
