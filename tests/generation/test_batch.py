"""Several requests as one stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.backend import Turn
from massgen_stream.errors import ConfigurationError, ProviderError
from massgen_stream.generation import Generator, Offer, Order, collect_media, explain_media, generate_media
from massgen_stream.generation.batch import Part, numbered, parts_of
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.kinds import MediaType
from massgen_stream.stream_chunk.narrow import error, media, media_progress, usage

from .fakes import PNG, host, instruments
from .reading import finals, of_type, read

pytestmark = pytest.mark.anyio


class Painter(Generator):
    """Fails where the prompt says so."""

    name, title = "painter", "Painter"
    host = host("painter", key=False)
    offers: ClassVar = {
        MediaType.IMAGE: Offer(default_model="p-1", priority=1, most=2, options=frozenset({"seed", "input_images"}))
    }
    seeds: ClassVar[list[int | None]] = []
    inputs: ClassVar[list[int]] = []
    running: ClassVar[int] = 0
    peak: ClassVar[int] = 0
    prompts: ClassVar[list[str]] = []

    async def generate(self, order: Order, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        mine = type(self)
        mine.running += 1
        mine.peak = max(mine.peak, mine.running)
        mine.prompts.append(order.config.prompt)
        mine.seeds.append(order.config.seed)
        mine.inputs.append(len(order.config.images))
        try:
            yield media_progress(order.media_id(turn), stage="running")
            await asyncio.sleep(0)
            if "wait" in order.config.prompt:
                await asyncio.Event().wait()
            if "fail" in order.config.prompt:
                raise ProviderError("it cannot be painted")
            if "told" in order.config.prompt:
                yield error("half of it", media_id=order.media_id(turn, 2))
            yield usage({"input_tokens": 3, "output_tokens": 4})
            for number in range(2 if "twice" in order.config.prompt else order.config.n):
                yield media(order.media_id(turn, number + 1), MediaType.IMAGE, media_data=PNG, media_encoding="binary")
        finally:
            mine.running -= 1


@pytest.fixture
def painter() -> type[Painter]:
    class New(Painter):
        running: ClassVar[int] = 0
        peak: ClassVar[int] = 0
        prompts: ClassVar[list[str]] = []
        seeds: ClassVar[list[int | None]] = []
        inputs: ClassVar[list[int]] = []

    return New


def made(painter: type[Painter], prompt: Any, **options: Any) -> Any:
    return generate_media(prompt, backend_type=painter, environ={}, instruments=instruments(), **options)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_several_prompts_are_one_stream(painter: type[Painter]) -> None:
    chunks = await read(made(painter, ["a", "b", "c"]))
    ids = [chunk.media_id for chunk in finals(chunks)]
    turns = of_type(chunks, "turn_done")
    assert len(set(ids)) == 3
    assert sorted((turn.source, turn.finish_reason) for turn in turns) == [("1", "stop"), ("2", "stop"), ("3", "stop")]
    assert (chunks[-1].finish_reason, len(chunks[-1].media_results)) == ("stop", 3)
    assert chunks[-1].usage["input_tokens"] == 9
    assert sorted(painter.prompts) == ["a", "b", "c"]


async def test_more_than_a_request_brings_takes_several(painter: type[Painter], tmp_path: Path) -> None:
    chunks = await read(made(painter, "a", n=5, output_path=tmp_path / "x.png"))
    assert len({chunk.media_id for chunk in finals(chunks)}) == 5
    assert names_in(tmp_path) == ["x-2.png", "x-3.png", "x-4.png", "x-5.png", "x.png"]
    assert len(painter.prompts) == 3


async def test_a_vendor_that_makes_more_than_it_was_asked_for_overwrites_nothing(
    painter: type[Painter], tmp_path: Path
) -> None:
    chunks = await read(made(painter, ["twice a", "twice b"], output_path=tmp_path / "x.png"))
    paths = [chunk.path for chunk in finals(chunks)]
    assert len(paths) == len(set(paths)) == len(names_in(tmp_path)) == 4


async def test_a_seed_goes_on_through_the_requests(painter: type[Painter]) -> None:
    await read(made(painter, "a", n=5, seed=7))
    assert set(painter.seeds) == {7, 9, 11}
    await read(made(painter, ["a", "b"], seed=7))
    assert painter.seeds[3:] == [7, 7]


async def test_what_can_be_read_only_once_serves_every_prompt(painter: type[Painter]) -> None:
    await read(made(painter, ["a", "b"], input_images=(one for one in [PNG])))
    assert painter.inputs == [1, 1]


async def test_what_one_request_brings_stays_one(painter: type[Painter]) -> None:
    chunks = await read(made(painter, ["a"], n=2))
    assert not of_type(chunks, "turn_done")
    assert len(finals(chunks)) == 2


async def test_files_are_named_by_their_own_prompts(painter: type[Painter], tmp_path: Path) -> None:
    await read(made(painter, ["a red one", "a blue one"], output_dir=tmp_path))
    assert sorted(name.rsplit("-", 3)[0] for name in names_in(tmp_path)) == [
        "a-blue-one",
        "a-red-one",
    ]


async def test_one_that_fails_does_not_lose_the_others(painter: type[Painter]) -> None:
    chunks = await read(made(painter, ["a", "fail", "c", "told"]))
    reasons = {turn.source: turn.finish_reason for turn in of_type(chunks, "turn_done")}
    assert reasons == {"1": "stop", "2": "error", "3": "stop", "4": "stop"}
    told = {one.source: one.error for one in of_type(chunks, "error")}
    assert told == {"2": "it cannot be painted", "4": "half of it"}
    assert (chunks[-1].finish_reason, len(finals(chunks))) == ("stop", 3)


async def test_when_all_fail_so_does_the_stream(painter: type[Painter]) -> None:
    chunks = await read(made(painter, ["fail", "fail too"]))
    assert chunks[-1].finish_reason == "error"
    result = await collect_media(["fail", "fail too"], backend_type=painter, environ={})
    assert not result.success
    assert result.error is not None
    assert "it cannot be painted" in result.error


async def test_collecting_tells_what_is_missing_and_keeps_what_came(painter: type[Painter]) -> None:
    whole = await collect_media(["a", "c"], backend_type=painter, environ={}, instruments=instruments())
    assert (whole.success, len(whole.metadata["media_results"])) == (True, 2)
    some = await collect_media(["a", "fail", "c"], backend_type=painter, environ={}, instruments=instruments())
    assert (some.success, some.error) == (False, "it cannot be painted")
    assert (some.data, len(some.metadata["media_results"])) == (PNG, 2)


@pytest.mark.parametrize("concurrency", [1, 3])
async def test_no_more_than_wanted_at_a_time(painter: type[Painter], concurrency: int) -> None:
    await read(made(painter, list("abcdefgh"), concurrency=concurrency))
    assert painter.peak == concurrency


@pytest.mark.parametrize("way", ["break", "cancel"])
async def test_leaving_ends_all_of_them(painter: type[Painter], way: str) -> None:
    chunks = []
    async with made(painter, ["wait", "wait too", "wait as well"]) as stream:
        async for chunk in stream:
            chunks.append(chunk)
            if len(of_type(chunks, "media_progress")) == 3:
                if way == "break":
                    break
                stream.cancel()
    assert painter.running == 0
    assert way == "break" or chunks[-1].finish_reason == "cancelled"


@pytest.mark.parametrize("prompt", [[], ["a", 1], [None], 7])
def test_prompts_that_are_none(prompt: Any) -> None:
    with pytest.raises(ConfigurationError, match="a list of texts"):
        generate_media(prompt, environ={})


@pytest.mark.parametrize("concurrency", [0, -1, True, "4"])
def test_concurrency_that_is_none(concurrency: Any) -> None:
    with pytest.raises(ConfigurationError, match="whole number from 1"):
        generate_media("a", environ={}, concurrency=concurrency)


def test_the_choice_is_explained_once() -> None:
    assert explain_media(["a", "b"], environ={}) == explain_media("a", environ={})


@given(n=st.integers(1, 40), most=st.integers(1, 12))
def test_parts_bring_what_is_asked_for(n: int, most: int) -> None:
    from massgen_stream.backend.account import Account
    from massgen_stream.generation import GenerationConfig

    order = Order(GenerationConfig.of(prompt="a", n=n), "m", Account(None, None), asyncio.sleep)
    parts: list[Part] = numbered(list(parts_of(Painter, order, most)))
    assert sum(part.order.config.n for part in parts) == n
    assert max(part.order.config.n for part in parts) <= most
    assert [part.order.before for part in parts] == list(range(0, n, most))
