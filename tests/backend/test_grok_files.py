"""xAI's files over a real channel, against the simulator and a server that says nothing."""

from pathlib import Path
from typing import Any

import pytest

from massgen_stream.backend import create_backend
from massgen_stream.errors import ProviderError, TransportError
from massgen_stream.simulator import Simulator

from ..media.files import picture
from .reading import read
from .server import serving, silent

pytestmark = pytest.mark.anyio
KEY = "key-of-mine-0123456789"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40


async def test_a_file_is_uploaded_in_messages_and_sent_by_its_id(tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(PDF + bytes(2**21))
    async with Simulator(api_key=KEY) as sim, create_backend("grok", base_url=sim.url("grok"), api_key=KEY) as backend:
        part = await backend.upload(file, expires_after_seconds=7200)
        (request,) = sim.requests
        first, *pieces = request.json
        assert first["init"] == {"name": "paper.pdf", "expires_after": "7200"}
        assert len(pieces) == 3
        assert PDF in request.body
        assert part["expires_at"] > 0
        picture_part = await backend.upload(picture())
        await read(backend.stream_with_tools([{"role": "user", "content": [part, picture_part]}]))
        said = sim.requests[-1].json["messages"][0]["content"]
        assert said == [{"file": {"file_id": part["file_id"]}}, {"image_url": {"file_id": picture_part["file_id"]}}]
        await backend.delete_file(part["file_id"])
        with pytest.raises(ProviderError) as caught:
            await backend.delete_file(part["file_id"])
        assert caught.value.kind == "not_found"


async def test_a_refusal_is_a_typed_error() -> None:
    async with Simulator() as sim, create_backend("grok", base_url=sim.url("grok"), api_key=KEY) as backend:
        with pytest.raises(ProviderError, match="between 3600 and 2592000") as caught:
            await backend.upload(PDF, expires_after_seconds=60)
        assert caught.value.kind == "invalid_request"


async def test_a_server_that_takes_nothing_is_a_typed_error() -> None:
    limits: dict[str, Any] = {"read_timeout": 0.05, "connect_timeout": 1}
    async with (
        serving(silent) as server,
        create_backend("grok", base_url=server.url.removesuffix("/v1"), api_key=KEY, **limits) as backend,
    ):
        with pytest.raises(TransportError, match="read_timeout") as caught:
            await backend.upload(PDF)
        assert caught.value.kind == "timeout"
