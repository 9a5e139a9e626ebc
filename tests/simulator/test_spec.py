import pytest

from massgen_stream.backend import create_backend
from massgen_stream.provider import providers
from massgen_stream.simulator import spec
from massgen_stream.simulator.spec import SPEC

pytestmark = pytest.mark.anyio


async def test_the_entry_point_brings_the_provider() -> None:
    assert providers()["simulator"] is SPEC
    assert not SPEC.key_required
    assert SPEC.priority is None
    assert "no model" in (SPEC.simulated or "")


async def test_a_backend_launches_it_and_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spec, "WORD_DELAY_SECONDS", 0)
    async with create_backend("simulator") as backend:
        stream = backend.stream_with_tools([{"role": "user", "content": "Write a haiku about rivers"}], [])
        chunks = [chunk async for chunk in stream]
    assert len("".join(getattr(chunk, "content", None) or "" for chunk in chunks).splitlines()) == 3
    assert getattr(chunks[-1], "finish_reason", "") == "stop"
    statuses = [getattr(chunk, "detail", "") for chunk in chunks if chunk.type == "backend_status"]
    assert statuses == [SPEC.simulated]


async def test_a_backend_of_any_host_can_be_pointed_at_it() -> None:
    async with spec.launch() as url, create_backend("groq", base_url=url, api_key="any") as backend:
        chunks = [chunk async for chunk in backend.stream_with_tools([{"role": "user", "content": "hello"}], [])]
    assert getattr(chunks[-1], "usage_source", "") == "reported"
