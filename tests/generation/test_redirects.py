"""A redirect leads wherever its server likes: the keys of generators stay with the host that they are for."""

from __future__ import annotations

from typing import Any

import pytest

from massgen_stream.generation import generate_media

from ..backend.server import serving
from ..backend.test_redirects import KEY, leading, refusing
from .fakes import instruments
from .reading import finals, of_type, read

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("openai", "image"),
        ("openai", "audio"),
        ("openrouter", "video"),
        ("google", "image"),
        ("google", "audio"),
        ("google", "video"),
        ("elevenlabs", "audio"),
        ("elevenlabs", "video"),
        ("replicate", "image"),
        ("stable_diffusion", "image"),
    ],
)
async def test_a_key_does_not_go_along(name: str, mode: str) -> None:
    given: dict[str, Any] = {"api_key": KEY, "environ": {}, "instruments": instruments(), "max_retries": 0}
    async with serving(refusing) as other, serving(leading(other.url)) as server:
        chunks = await read(generate_media("a", mode, backend_type=name, base_url=server.url, **given))
    assert any(KEY in repr(one.headers) for one in server.exchanges)
    assert not any(KEY in one.path + repr(one.headers) for one in other.exchanges)
    assert len(of_type(chunks, "error")) == 1
    assert finals(chunks) == []
