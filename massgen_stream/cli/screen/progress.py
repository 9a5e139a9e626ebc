"""Progress of media and transfers: bars on a terminal, a few lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Final, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn

from ...stream_chunk.multimodal import MultimodalStreamChunk
from ..plain_text import one_line
from .figures import seconds_text, size_text
from .page import Line
from .picture import Picture
from .stage import Stage, at_once

_NAME: Final = 40
_STEP_PERCENT: Final = 25.0
"""How far progress moves between two lines where there are no bars."""


class ProgressView(Protocol):
    """Shows how far each medium is."""

    def update(self, key: str, title: str, note: str, percentage: float | None) -> None:
        """Show that the medium *key* is at *percentage* (0 to 100; None when unknown)."""

    def picture(self, key: str, picture: Picture) -> None:
        """Show what the medium *key* looks like so far."""

    def finish(self, key: str) -> None:
        """Stop showing the medium."""

    def hide(self) -> None:
        """Leave the terminal to other text, until the next update."""


class ProgressBars:
    """One bar per medium, below the text, and above them the latest preview; all vanish when other text is written."""

    def __init__(self, console: Console, before_showing: Callable[[], None], *, animate: bool = True) -> None:
        self._console = console
        self._before_showing = before_showing
        self._animate = animate
        self._bars: Progress | None = None
        self._states: dict[str, tuple[str, str, float | None]] = {}
        self._tasks: dict[str, TaskID] = {}
        self._pictures: dict[str, Picture] = {}
        self._stage = Stage(console)

    def update(self, key: str, title: str, note: str, percentage: float | None) -> None:
        """Show the bar of *key*, and the others again if they were hidden."""
        self._states[key] = (title, note, percentage)
        if self._bars is None:
            self._show()
        else:
            self._draw(key)
            self._bars.refresh()

    def picture(self, key: str, picture: Picture) -> None:
        """Show a preview, in the place of the one before it."""
        self._pictures.pop(key, None)
        self._pictures[key] = picture
        self._states.setdefault(key, ("image", "", None))
        with at_once(self._console):
            self._stop()
            self._show()

    def finish(self, key: str) -> None:
        """Remove the bar and the preview of *key*."""
        self._states.pop(key, None)
        self._pictures.pop(key, None)
        task = self._tasks.pop(key, None)
        if self._bars is not None and task is not None:
            self._bars.remove_task(task)
            if not self._states:
                self.hide()

    def hide(self) -> None:
        """Take the bars and the preview off the terminal."""
        if self._bars is not None:
            with at_once(self._console) if self._pictures else nullcontext():
                self._stop()
                self._stage.clear()

    def _stop(self) -> None:
        """Take the bars off the terminal; the preview stays."""
        bars, self._bars = self._bars, None  # first: stopping writes, and writing hides
        self._tasks.clear()
        if bars is not None:
            bars.stop()

    def _show(self) -> None:
        self._before_showing()
        if self._pictures:
            self._stage.show(next(reversed(self._pictures.values())))
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=30),
            TaskProgressColumn(),
            TextColumn("{task.fields[note]}", style="dim", markup=False),
            console=self._console,
            transient=True,
            auto_refresh=self._animate,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        for key in self._states:
            self._draw(key)
        self._bars.start()

    def _draw(self, key: str) -> None:
        title, note, percentage = self._states[key]
        bars = self._bars
        if bars is None:
            return
        total = None if percentage is None else 100.0
        if key not in self._tasks:
            self._tasks[key] = bars.add_task(title, total=total, completed=int(percentage or 0), note=note)
        bars.update(self._tasks[key], description=title, total=total, completed=percentage or 0, note=note)


class ProgressLines:
    """A line when a medium's stage changes and at every quarter of its way."""

    def __init__(self, write: Callable[[Line], None]) -> None:
        self._write = write
        self._told: dict[str, tuple[str, int]] = {}

    def update(self, key: str, title: str, note: str, percentage: float | None) -> None:
        """Write a line if there is something new to say."""
        stage = _stage(note)
        now = (title + stage, int((percentage or 0) // _STEP_PERCENT))
        if self._told.get(key) == now:
            return
        self._told[key] = now
        share = "" if percentage is None else f" {percentage:.0f}%"
        self._write([(f"· {title}{share}{f' {note}' if note else ''}", "quiet")])

    def picture(self, key: str, picture: Picture) -> None:
        """Show nothing: lines stay what they are."""

    def finish(self, key: str) -> None:
        """Forget the medium."""
        self._told.pop(key, None)

    def hide(self) -> None:
        """Do nothing: lines disturb nobody."""


def _stage(note: str) -> str:
    """Return the word that a note begins with; bytes and ranks move all the time."""
    word = note.partition(",")[0]
    return word if word[:1].isalpha() else ""


def progress_title(chunk: MultimodalStreamChunk) -> str:
    """Return what is in the making: the kind of medium and its id."""
    kind = str(chunk.media_type or ("upload" if chunk.type.startswith("attachment") else "media"))
    return f"{kind} {one_line(chunk.media_id, _NAME)}" if chunk.media_id else kind


def progress_note(chunk: MultimodalStreamChunk) -> str:
    """Return stage, place in the queue, bytes and time left, as far as they are told."""
    moved, total = chunk.bytes_transferred, chunk.total_bytes
    facts = [one_line(chunk.stage or "", _NAME)]
    if chunk.queue_position is not None:
        facts.append(f"{chunk.queue_position} ahead in the queue")
    if moved is not None:
        facts.append(f"{size_text(moved)} of {size_text(total)}" if total else size_text(moved))
    if chunk.eta_seconds is not None:
        facts.append(f"{seconds_text(chunk.eta_seconds)} left")
    return ", ".join(fact for fact in facts if fact)
