"""What media are continued from: the latest fifty of each kind, on disk, so that a chain survives a restart."""

from __future__ import annotations

import logging
import sqlite3
import sys
import time
import weakref
from collections.abc import Callable, Mapping
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
delete from continuations where prefix = ? and id not in
    (select id from continuations where prefix = ? order by used desc limit ?)
"""


class Continuations:
    """A store of what media are continued from, by id. Several processes may use one file.

    Args:
        path: The file; None: in memory.
        most: How many of each prefix are kept.
        wall_clock: Unix seconds.
    """

    def __init__(
        self, path: Path | None = None, *, most: int = MOST, wall_clock: Callable[[], float] = time.time
    ) -> None:
        self._path, self._most, self._wall_clock = path, most, wall_clock
        self._lock = Lock()
        self._database: sqlite3.Connection | None = None

    async def keep(
        self, prefix: str, provider: str, content: Mapping[str, Any], *, expires_seconds: float | None = None
    ) -> str:
        """Keep *content* and return its new id, ``{prefix}_{12 hexadecimal digits}``.

        Where the file cannot be written, it is kept in memory, and the log says why: the medium is made and paid for.

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
            ConfigurationError: It is not known (any more), has expired, or is another generator's.
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

    def close(self) -> None:
        """Close the file; what is asked for next opens it again."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    def _write(self, row: tuple[Any, ...]) -> None:
        with self._lock:
            try:
                self._insert(self._opened(), row)
            except sqlite3.Error as problem:
                if self._path is None:
                    raise
                self._leave_disk(problem)
                self._insert(self._opened(), row)

    def _read(self, continuation_id: str) -> tuple[str, bytes, float | None] | None:
        with self._lock:
            try:
                return _found(self._opened(), continuation_id)
            except sqlite3.Error as problem:
                if self._path is None:
                    raise
                self._leave_disk(problem)
                return None

    def _insert(self, database: sqlite3.Connection, row: tuple[Any, ...]) -> None:
        prefix = row[1]
        with database:
            database.execute("begin immediate")
            database.execute(_KEEP, row)
            database.execute(_EVICT, (prefix, prefix, self._most))

    def _opened(self) -> sqlite3.Connection:
        if self._database is None:
            self._database = database = _open(self._path)
            weakref.finalize(self, database.close)
        return self._database

    def _leave_disk(self, problem: sqlite3.Error) -> None:
        _LOG.warning("continuations are kept in memory only, since %s cannot be used: %s", self._path, problem)
        if self._database is not None:
            self._database.close()
        self._database, self._path = None, None


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


def _found(database: sqlite3.Connection, continuation_id: str) -> tuple[str, bytes, float | None] | None:
    with database:
        database.execute("begin immediate")
        row = database.execute(
            "select provider, content, expires from continuations where id = ?", (continuation_id,)
        ).fetchone()
        if row is not None:
            database.execute(_TOUCH, (continuation_id,))
    found: tuple[str, bytes, float | None] | None = row
    return found
