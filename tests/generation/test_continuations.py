"""What media are continued from: kept, found, forgotten in the right order, and there after a restart."""

from __future__ import annotations

import re
import sqlite3
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.errors import ConfigurationError
from massgen_stream.generation import continuations
from massgen_stream.generation.continuations import MOST, Continuations, continuations_of

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Continuations:
    return Continuations(None if request.param == "memory" else tmp_path / "state" / "c.sqlite")


async def test_ids_are_the_prefix_and_twelve_digits(store: Continuations) -> None:
    kept = await store.keep("grok_img", "grok", {"image": b"\0\xff", "n": 1})
    assert re.fullmatch(r"grok_img_[0-9a-f]{12}", kept)
    assert await store.find(kept, "grok") == {"image": b"\0\xff", "n": 1}


async def test_the_one_not_used_for_longest_goes_first(store: Continuations) -> None:
    first = await store.keep("a", "x", {"n": 0})
    second = await store.keep("a", "x", {"n": 1})
    for number in range(MOST - 2):
        await store.keep("a", "x", {"n": number})
    await store.find(first, "x")  # used: now the second is the oldest
    await store.keep("a", "x", {"n": -1})
    assert await store.find(first, "x") == {"n": 0}
    with pytest.raises(ConfigurationError, match="the latest 50 media of a kind"):
        await store.find(second, "x")


async def test_prefixes_do_not_push_each_other_out(store: Continuations) -> None:
    kept = await store.keep("a", "x", {"n": 0})
    for number in range(MOST + 1):
        await store.keep("b", "x", {"n": number})
    assert await store.find(kept, "x") == {"n": 0}


async def test_another_generators_id_is_refused(store: Continuations) -> None:
    kept = await store.keep("a", "x", {})
    with pytest.raises(ConfigurationError, match="is of x's making"):
        await store.find(kept, "y")


async def test_what_has_expired_is_said() -> None:
    now = [1000.0]
    store = Continuations(wall_clock=lambda: now[0])
    kept = await store.keep("a", "x", {}, expires_seconds=60)
    now[0] = 1059.9
    assert await store.find(kept, "x") == {}
    now[0] = 1060.0
    with pytest.raises(ConfigurationError, match="has expired at the vendor"):
        await store.find(kept, "x")


async def test_a_restart_and_another_process(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    one, other = Continuations(path), Continuations(path)
    kept = await one.keep("a", "x", {"n": 1})
    also = await other.keep("a", "x", {"n": 2})
    one.close()
    assert await one.find(also, "x") == {"n": 2}
    assert await Continuations(path).find(kept, "x") == {"n": 1}


async def test_the_file_is_the_users_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "c.sqlite"
    await Continuations(path).keep("a", "x", {})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("trouble", ["no database", "no folder", "a folder"])
async def test_a_file_that_cannot_be_used_loses_nothing(
    trouble: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "c.sqlite"
    if trouble == "no database":
        path.write_bytes(b"no database at all, but long enough to be looked at" * 50)
    elif trouble == "a folder":
        path.mkdir()
    else:
        (tmp_path / "file").write_bytes(b"")
        path = tmp_path / "file" / "c.sqlite"
    store = Continuations(path)
    kept = await store.keep("a", "x", {"n": 1})
    assert await store.find(kept, "x") == {"n": 1}
    assert await store.is_in_memory(kept)
    assert "a continuation is kept in memory" in caplog.text


async def test_what_ends_with_the_process(tmp_path: Path) -> None:
    nowhere, somewhere = Continuations(), Continuations(tmp_path / "c.sqlite")
    assert await nowhere.is_in_memory(await nowhere.keep("a", "x", {"n": 1}))
    assert not await somewhere.is_in_memory(await somewhere.keep("a", "x", {"n": 1}))
    assert not await nowhere.is_in_memory("resp_1")  # the vendor's own


async def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    path.write_bytes(b"no database at all, but long enough to be looked at" * 50)
    with pytest.raises(ConfigurationError, match=r"c\.sqlite cannot be read, which knows it: file is not a database"):
        await Continuations(path).find("a_0", "x")


async def test_a_file_that_is_locked_for_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(continuations, "_BUSY_SECONDS", 0.05)
    path = tmp_path / "c.sqlite"
    store = Continuations(path)
    kept = await store.keep("a", "x", {"n": 1})
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin immediate")
    assert await store.find(kept, "x") == {"n": 1}
    late = await store.keep("a", "x", {"n": 2})
    other.execute("rollback")
    other.close()
    again = await store.keep("a", "x", {"n": 3})
    assert [(await store.find(one, "x"))["n"] for one in (kept, late, again)] == [1, 2, 3]
    assert await Continuations(path).find(again, "x") == {"n": 3}  # the file is used again


async def test_a_file_that_can_only_be_read(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    kept = await Continuations(path).keep("a", "x", {"n": 1})
    path.chmod(0o400)
    assert await Continuations(path).find(kept, "x") == {"n": 1}


async def test_bytes_are_bounded_and_the_latest_stays() -> None:
    store = Continuations(most_bytes=1000)
    first = await store.keep("a", "x", {"data": bytes(400)})
    second = await store.keep("a", "x", {"data": bytes(400)})
    third = await store.keep("a", "x", {"data": bytes(400)})
    assert await store.find(second, "x") == await store.find(third, "x")
    with pytest.raises(ConfigurationError):
        await store.find(first, "x")
    large = await store.keep("a", "x", {"data": bytes(4000)})
    assert len((await store.find(large, "x"))["data"]) == 4000
    with pytest.raises(ConfigurationError):
        await store.find(third, "x")


@pytest.mark.parametrize(
    ("environ", "place"),
    [
        ({"MASSGEN_STREAM_STATE": "{}/own"}, "own/continuations.sqlite"),
        ({"HOME": "{}", "XDG_STATE_HOME": "{}/xdg"}, "xdg/massgen-stream/continuations.sqlite"),
        ({"HOME": "{}"}, ".local/state/massgen-stream/continuations.sqlite"),
    ],
)
async def test_where_it_is(environ: dict[str, str], place: str, tmp_path: Path) -> None:
    store = continuations_of({name: value.format(tmp_path) for name, value in environ.items()})
    await store.keep("a", "x", {})
    with sqlite3.connect(tmp_path / place) as database:
        assert database.execute("select count(*) from continuations").fetchone() == (1,)
    database.close()
    store.close()


def test_a_process_has_one_store_for_a_place(tmp_path: Path) -> None:
    environ = {"MASSGEN_STREAM_STATE": str(tmp_path)}
    assert continuations_of(environ) is continuations_of(dict(environ))
    assert continuations_of({}) is continuations_of({})


@given(uses=st.lists(st.integers(0, 7), max_size=40))
async def test_it_is_a_true_lru(uses: list[int]) -> None:
    """Against a list in which what is used goes to the end."""
    store = Continuations(most=3)
    model: list[int] = []
    ids: dict[int, str] = {}
    for number in uses:
        if number in model:
            assert await store.find(ids[number], "x") == {"n": number}
            model.remove(number)
        else:
            ids[number] = await store.keep("a", "x", {"n": number})
        model = [*model, number][-3:]
    for number, kept in ids.items():
        if number in model:
            assert await store.find(kept, "x") == {"n": number}
        else:
            with pytest.raises(ConfigurationError):
                await store.find(kept, "x")
