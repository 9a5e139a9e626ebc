"""What media are continued from: the latest fifty of each kind, on disk, so that a chain survives a restart."""

from __future__ import annotations

import logging
import sqlite3
import sys
import time
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final
from uuid import uuid4

import msgspec

from ..errors import ConfigurationError, excerpt
from ..media.worker_thread import in_thread

MOST: Final = 50
"""Media of one prefix that are kept; the one that was not used for the longest time goes first."""
MOST_BYTES: Final = 256 * 2**20
"""Bytes of one prefix that are kept: a chat about images has all of them in each of its entries."""
FOLDER_VARIABLE: Final = "MASSGEN_STREAM_STATE"
"""Environment variable that names the default folder."""
_LOG: Final = logging.getLogger(__name__)
_BUSY_SECONDS: Final = 10.0
_ID_DIGITS: Final = 12
_TABLE: Final = """
create table if not exists continuations (
    id text primary key, prefix text not null, provider text not null, content blob not null,
    used integer not null, expires real)
"""
_KEEP: Final = """
insert into continuations values (?, ?, ?, ?, (select ifnull(max(used), 0) + 1 from continuations), ?)
"""
_TOUCH: Final = "update continuations set used = (select max(used) + 1 from continuations) where id = ?"
_EVICT: Final = """
delete from continuations where prefix = :prefix and id != :id and id not in (
    select id from (
        select id, row_number() over latest as place, sum(length(content)) over latest as bytes
        from continuations where prefix = :prefix window latest as (order by used desc)
    ) where place <= :most and bytes <= :most_bytes)
"""


class Continuations:
    """A store of what media are continued from, by id. Several processes may use one file.

    Args:
        path: The file; None: in memory.
        most: How many of each prefix are kept.
        most_bytes: How many bytes of each prefix are kept; the latest one in any case.
        wall_clock: Unix seconds.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        most: int = MOST,
        most_bytes: int = MOST_BYTES,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._path, self._most, self._most_bytes, self._wall_clock = path, most, most_bytes, wall_clock
        self._lock = Lock()
        self._database: sqlite3.Connection | None = None
        self._memory: sqlite3.Connection | None = None

    async def keep(
        self, prefix: str, provider: str, content: Mapping[str, Any], *, expires_seconds: float | None = None
    ) -> str:
        """Keep *content* and return its new id, ``{prefix}_{12 hexadecimal digits}``.

        What the file does not take is kept in memory, and the log says why: the medium is made and paid for.

        Args:
            prefix: Of the id.
            provider: Name of the generator that goes on from it.
            content: JSON values and bytes.
            expires_seconds: How long the vendor knows what it refers to; None: no end is known.
        """
        new_id = f"{prefix}_{uuid4().hex[:_ID_DIGITS]}"
        expires = None if expires_seconds is None else self._wall_clock() + expires_seconds
        row = (new_id, prefix, provider, msgspec.msgpack.encode(content), expires)
        await in_thread(self._write, row)
        return new_id

    async def find(self, continuation_id: str, provider: str) -> dict[str, Any]:
        """Return what was kept under an id, which is the latest one used from now on.

        Raises:
            ConfigurationError: It is not known (any more), has expired, or is another generator's; or the file cannot
                be read.
        """
        row = await in_thread(self._read, continuation_id)
        shown = excerpt(continuation_id)
        if row is None:
            raise ConfigurationError(
                f"continue_from {shown!r} is not known here; the latest {self._most} media of a kind can be continued"
            )
        kept_by, content, expires = row
        if kept_by != provider:
            raise ConfigurationError(f"continue_from {shown!r} is of {kept_by}'s making; name it with backend_type")
        if expires is not None and expires <= self._wall_clock():
            raise ConfigurationError(f"continue_from {shown!r} has expired at the vendor; give the medium as an input")
        return msgspec.msgpack.decode(content, type=dict[str, Any])

    async def is_in_memory(self, continuation_id: str) -> bool:
        """Return whether an id ends with this process: it was kept, and not in the file."""
        return await in_thread(self._is_in_memory, continuation_id)

    def close(self) -> None:
        """Close the file; what is asked for next opens it again."""
        with self._lock:
            self._close()

    def _write(self, row: tuple[Any, ...]) -> None:
        with self._lock:
            try:
                self._insert(self._opened(), row)
            except sqlite3.Error as problem:
                if self._path is None:
                    raise
                self._close()
                _LOG.warning("a continuation is kept in memory, since %s cannot be written: %s", self._path, problem)
                self._insert(self._unwritten(), row)

    def _read(self, continuation_id: str) -> tuple[str, bytes, float | None] | None:
        with self._lock:
            held = None if self._memory is None else _found(self._memory, continuation_id)
            if held is not None:
                return held
            try:
                return _found(self._opened(), continuation_id)
            except sqlite3.Error as problem:
                if self._path is None:
                    raise
                self._close()
                raise ConfigurationError(f"{self._path} cannot be read, which knows it: {problem}") from None

    def _is_in_memory(self, continuation_id: str) -> bool:
        with self._lock:
            memory = self._database if self._path is None else self._memory
            return memory is not None and _found(memory, continuation_id) is not None

    def _insert(self, database: sqlite3.Connection, row: tuple[Any, ...]) -> None:
        bounds = {"id": row[0], "prefix": row[1], "most": self._most, "most_bytes": self._most_bytes}
        with database:
            database.execute("begin immediate")
            database.execute(_KEEP, row)
            database.execute(_EVICT, bounds)

    def _opened(self) -> sqlite3.Connection:
        if self._database is None:
            self._database = _kept_open(self, _open(self._path))
        return self._database

    def _unwritten(self) -> sqlite3.Connection:
        """Return where rows are that the file did not take."""
        if self._memory is None:
            self._memory = _kept_open(self, _open(None))
        return self._memory

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None


def continuations_of(environ: Mapping[str, str]) -> Continuations:
    """Return the store of a process: one for each place that *environ* names; in memory where it names none."""
    return _store_at(_place_of(environ))


@cache
def _store_at(path: Path | None) -> Continuations:
    return Continuations(path)


def _place_of(environ: Mapping[str, str]) -> Path | None:
    """Return the file: in the folder of the variable, else in the one where the system wants a user's state."""
    name = "continuations.sqlite"
    if given := environ.get(FOLDER_VARIABLE):
        return Path(given).absolute() / name
    if sys.platform == "win32":
        base = environ.get("LOCALAPPDATA")
    else:
        home = environ.get("HOME")
        base = environ.get("XDG_STATE_HOME") or (home and f"{home}/.local/state")
    return Path(base) / "massgen-stream" / name if base else None


def _open(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not path.exists():
                path.touch(mode=0o600)  # it holds what users asked for
        except OSError as problem:
            raise sqlite3.OperationalError(str(problem.strerror)) from None
    database = sqlite3.connect(
        ":memory:" if path is None else path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        database.execute(_TABLE)
    except sqlite3.Error:
        database.close()
        raise
    return database


def _kept_open(owner: object, database: sqlite3.Connection) -> sqlite3.Connection:
    weakref.finalize(owner, database.close)
    return database


def _found(database: sqlite3.Connection, continuation_id: str) -> tuple[str, bytes, float | None] | None:
    wanted = "select provider, content, expires from continuations where id = ?"
    row: tuple[str, bytes, float | None] | None = database.execute(wanted, (continuation_id,)).fetchone()
    if row is not None:
        with suppress(sqlite3.OperationalError):  # a file that is locked or read-only can be read all the same
            database.execute(_TOUCH, (continuation_id,))
    return row
