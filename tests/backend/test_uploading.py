"""Uploads through the vendors' SDKs, against the simulator."""

import asyncio
import io
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from massgen_stream.backend import ClaudeBackend, LLMBackend, ResponseBackend, create_backend
from massgen_stream.errors import ConfigurationError, MediaError, ProviderError, TransportError
from massgen_stream.provider import ProviderSpec, get_provider
from massgen_stream.simulator import Simulator
from massgen_stream.simulator.forms import form_fields
from massgen_stream.simulator.vendor import BadRequest
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk

from ..media.files import picture
from ..media.lying_server import Request, serving
from ..simulator.polling import until
from .reading import error_info, read, text, types, verified
from .server import serving as silence
from .server import silent

pytestmark = pytest.mark.anyio
KEY = "key-of-mine-0123456789"
LONG_AGO = 1_700_000_000
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40


@asynccontextmanager
async def talking(provider: str | ProviderSpec, **options: Any) -> AsyncGenerator[tuple[LLMBackend, Simulator], None]:
    async with (
        Simulator() as sim,
        _backend(provider, sim, **options) as backend,
    ):
        yield backend, sim


def _backend(provider: str | ProviderSpec, sim: Simulator, **options: Any) -> LLMBackend:
    if isinstance(provider, str):
        return create_backend(provider, base_url=sim.url(provider), api_key=KEY, **options)
    cls = ResponseBackend if provider.name == "openai" else ClaudeBackend
    return cls(provider, base_url=sim.url(provider.name), api_key=KEY, **options)


both = pytest.mark.parametrize("provider", ["openai", "claude"])
every = pytest.mark.parametrize("provider", ["openai", "claude", "gemini", "grok"])
BEGINNINGS = ("/v1/files", "/upload/v1/files", "/xai_api.Files/UploadFile")


def uploads(sim: Simulator) -> int:
    """Return how often an upload has been begun."""
    return sum(one.method == "POST" and one.path in BEGINNINGS for one in sim.requests)


@both
async def test_a_medium_becomes_a_part_that_is_sent_by_its_id(provider: str) -> None:
    async with talking(provider) as (backend, sim):
        part = await backend.upload(PDF, filename="paper.pdf")
        assert part == {
            "type": "document",
            "file_id": part["file_id"],
            "mime_type": "application/pdf",
            "filename": "paper.pdf",
        }
        (request,) = sim.requests
        assert (request.method, request.path) == ("POST", "/v1/files")
        assert PDF in request.body
        assert b'filename="paper.pdf"' in request.body
        await read(backend.stream_with_tools([{"role": "user", "content": [part]}]))
        assert f'"{part["file_id"]}"'.encode() in sim.requests[1].body


@every
async def test_the_same_content_is_uploaded_once(provider: str, tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(picture())
    async with talking(provider) as (backend, sim):
        first = await backend.upload(str(file))
        assert await backend.upload({"type": "image", "data": picture(), "filename": "a.png"}) == first
        assert uploads(sim) == 1
        assert (await backend.upload(picture(width=65), filename="a.png"))["file_id"] != first["file_id"]
        assert uploads(sim) == 2


@every
async def test_what_was_deleted_is_uploaded_again(provider: str) -> None:
    async with talking(provider) as (backend, sim):
        part = await backend.upload(PDF)
        await backend.delete_file(part["file_id"])
        await backend.upload(PDF)
        assert uploads(sim) == 2
        with pytest.raises(ProviderError):
            await backend.delete_file("files/other" if provider == "gemini" else "other")


@both
async def test_what_the_vendor_will_forget_soon_is_uploaded_again(provider: str) -> None:
    async with Simulator(clock=lambda: LONG_AGO) as sim, _backend(provider, sim) as backend:
        part = await backend.upload(PDF, expires_after_seconds=3600)
        assert part["expires_at"] == LONG_AGO + 3600
        await backend.upload(PDF, expires_after_seconds=3600)
        assert len(sim.requests) == 2
        assert b"3600" in sim.requests[0].body


async def test_the_purpose_is_openais() -> None:
    async with talking("openai") as (backend, sim):
        await backend.upload(picture(), purpose="vision")
        await backend.upload(PDF)
        assert [b"\r\nvision\r\n" in one.body for one in sim.requests] == [True, False]
        assert b"\r\nuser_data\r\n" in sim.requests[1].body
    async with talking("claude") as (backend, _):
        with pytest.raises(ConfigurationError, match="purpose: claude asks for none"):
            backend.stream_upload(PDF, purpose="vision")


@every
async def test_the_stream_tells_how_far_it_is(provider: str) -> None:
    async with talking(provider) as (backend, _):
        chunks = [chunk async for chunk in backend.stream_upload(PDF, filename="a.pdf")]
        *progress, last = chunks
        assert {str(chunk.type) for chunk in progress} == {"attachment"}
        assert str(last.type) == "attachment_complete"
        assert progress[0].bytes_transferred == 0
        assert [chunk.bytes_transferred for chunk in chunks] == sorted(c.bytes_transferred or 0 for c in chunks)
        assert last.bytes_transferred == last.total_bytes == len(PDF)
        assert last.attachments is not None
        assert last.attachments[0]["filename"] == "a.pdf"
        assert len({chunk.media_id for chunk in chunks}) == 1
        for chunk in chunks:
            assert isinstance(chunk, MultimodalStreamChunk)
            chunk.check()


@every
async def test_a_large_file_is_not_read_into_memory_at_once(provider: str, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"text\n" * 2**20)
    largest = 0
    opened = io.open

    class Watched(io.FileIO):
        def read(self, size: int | None = -1, /) -> bytes:
            nonlocal largest
            data = super().read(-1 if size is None else size) or b""
            largest = max(largest, len(data))
            return data

    async with talking(provider) as (backend, sim):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("massgen_stream.media.local_file.open", lambda *_: Watched(str(file), "rb"), raising=False)
            await backend.upload(str(file))
        assert max(len(one.body) for one in sim.requests) >= 5 * 2**20
    assert 0 < largest <= (2**23 if provider == "gemini" else 2**20)  # Google's SDK sends 8 MiB at once
    assert opened is io.open


@every
async def test_an_answer_that_refuses_is_a_typed_error(provider: str) -> None:
    async with talking(provider) as (backend, _):
        with pytest.raises(ProviderError) as caught:
            await backend.delete_file("no-such-file")
        kind = "permission" if provider == "gemini" else "not_found"  # Google does not tell which of the two
        assert (caught.value.kind, caught.value.provider) == (kind, provider)
        assert KEY not in str(caught.value)


@every
async def test_a_vendor_that_nobody_reaches_is_a_typed_error(provider: str) -> None:
    async with create_backend(provider, base_url="http://127.0.0.1:9", api_key=KEY) as backend:
        with pytest.raises(TransportError, match="cannot reach"):
            await backend.upload(PDF)


async def test_a_medium_that_cannot_be_read_is_told_before_anything_is_sent() -> None:
    async with talking("openai") as (backend, sim):
        with pytest.raises(MediaError):
            await backend.upload(Path("/no/such/file"))
        assert sim.requests == []


@pytest.mark.parametrize("provider", ["groq", "azure_openai", "gemini"])
async def test_providers_without_files_say_so(provider: str) -> None:
    given: dict[str, Any] = {"base_url": "http://127.0.0.1:9"} if provider == "azure_openai" else {}
    given |= {"enterprise": True} if provider == "gemini" else {}  # files are of the Developer API
    async with create_backend(provider, api_key=KEY, **given) as backend:
        with pytest.raises(ConfigurationError, match=f"{provider} has no files to upload to"):
            backend.stream_upload(PDF)
        with pytest.raises(ConfigurationError, match="has no files"):
            await backend.delete_file("x")


async def test_an_unknown_option_is_refused() -> None:
    async with talking("openai") as (backend, _):
        with pytest.raises(ConfigurationError, match="upload takes no name; its options are purpose, kind"):
            backend.stream_upload(PDF, name="x")


@every
async def test_leaving_ends_the_upload(provider: str) -> None:
    async with talking(provider) as (backend, _):
        for reads in (1, 2):
            stream = backend.stream_upload(PDF)
            for _ in range(reads):
                await anext(stream)
            await stream.aclose()
            assert [task for task in asyncio.all_tasks() if "_uploaded" in repr(task.get_coro())] == []
        assert (await backend.upload(PDF))["file_id"]  # the client still serves


@every
async def test_leaving_does_not_wait_for_a_vendor_that_says_nothing(provider: str) -> None:
    async with (
        silence(silent) as server,
        create_backend(provider, base_url=server.url.removesuffix("/v1"), api_key=KEY, connect_timeout=1) as backend,
    ):
        stream = backend.stream_upload(PDF)
        assert (await anext(stream)).bytes_transferred == 0
        more = asyncio.ensure_future(anext(stream))
        await until(lambda: server.connections > 0)
        more.cancel()
        await asyncio.wait({more})
        await asyncio.wait_for(stream.aclose(), 5)
        await backend.aclose()
        if provider != "grok":  # of whose first bytes this server reads too few to see the end
            await asyncio.wait_for(server.all_closed(), 5)


def small(provider: str, **limits: int) -> ProviderSpec:
    """Return a provider that takes only little inline."""
    return replace(get_provider(provider), input_media=limits)


def asking(part: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [part]}]


@both
@pytest.mark.parametrize("source", ["data", "path", "url"])
async def test_what_is_over_the_limit_is_uploaded_when_asked(provider: str, source: str, tmp_path: Path) -> None:
    async def paper(request: Request) -> None:
        await request.answer(b"text " * 50, content_type="text/plain")

    file = tmp_path / "a.txt"
    file.write_bytes(b"text " * 50)
    options = {"media_policy": "upload", "allow_private_media": True}
    async with serving(paper) as site, talking(small(provider, document=200), **options) as (backend, sim):
        places = {"data": b"text " * 50, "path": str(file), "url": site.url.replace("photo.png", "a.txt")}
        messages = asking({"type": "document", source: places[source], "mime_type": "text/plain"})
        chunks = [chunk async for chunk in backend.stream_with_tools(messages)]
        verified(chunks)
        if source == "url" and provider == "openai":
            assert [one.path for one in sim.requests] == ["/v1/responses"]  # OpenAI reads it itself
            return
        upload, request = sim.requests
        assert (upload.path, b"text " * 50 in upload.body) == ("/v1/files", True)
        assert b"file-sim-" in request.body
        assert b"text text" not in request.body
        assert "attachment_complete" in types(chunks)
        await read(backend.stream_with_tools(messages))
        assert [one.path for one in sim.requests].count("/v1/files") == 1


@both
async def test_nothing_is_uploaded_that_fits_or_that_is_to_be_refused(provider: str) -> None:
    large = asking({"type": "document", "data": b"text " * 50, "mime_type": "text/plain"})
    async with talking(small(provider, document=200)) as (backend, sim):
        with pytest.raises(MediaError, match=r"over the limit .* or pass media_policy='upload'"):
            backend.stream_with_tools(large, media_policy="refuse")
        await read(backend.stream_with_tools(asking({"type": "document", "data": b"text", "mime_type": "text/plain"})))
        assert [one.path for one in sim.requests if "files" in one.path] == []
        await read(backend.stream_with_tools(large))
        assert len([one.path for one in sim.requests if "files" in one.path]) == 1


async def test_what_is_over_both_limits_is_refused_at_the_call() -> None:
    host = replace(get_provider("openai"), input_media={"document": 10}, uploads={"document": 100})
    async with talking(host, media_policy="upload") as (backend, _):
        with pytest.raises(MediaError, match="over the limit"):
            backend.stream_with_tools(asking({"type": "document", "data": b"text " * 50}))


async def test_a_failed_upload_is_an_error_chunk_of_the_vendor() -> None:
    part = {"type": "document", "data": b"text " * 50, "mime_type": "text/plain"}
    async with talking(small("openai", document=200), media_policy="upload", max_retries=0) as (backend, sim):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("massgen_stream.simulator.multipart.form_fields", lambda *_: iter(()))
            chunks = await read(backend.stream_with_tools(asking(part)))
        assert error_info(chunks)["kind"] == "invalid_request"
        assert [one.path for one in sim.requests] == ["/v1/files"]
        assert text(await read(backend.stream_with_tools(asking(part))))  # nothing was remembered


async def test_an_upload_is_tried_again_like_the_rest() -> None:
    part = {"type": "document", "data": b"text " * 50, "mime_type": "text/plain"}
    refusals = [BadRequest("busy", status=503)]

    def busy_once(content_type: str, body: bytes) -> Any:
        if refusals:
            raise refusals.pop()
        return form_fields(content_type, body)

    async with talking(small("openai", document=200), media_policy="upload") as (backend, sim):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("massgen_stream.simulator.multipart.form_fields", busy_once)
            assert text(await read(backend.stream_with_tools(asking(part))))
        assert [one.path for one in sim.requests] == ["/v1/files", "/v1/files", "/v1/responses"]
