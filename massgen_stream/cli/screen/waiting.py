"""A spinner while nothing has arrived."""

from __future__ import annotations

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from ..plain_text import one_line


class Waiting:
    """Shows that something is awaited, on a terminal only; it vanishes without a trace."""

    def __init__(self, console: Console, *, animate: bool) -> None:
        self._console = console if console.is_terminal and not console.is_dumb_terminal else None
        self._animate = animate
        self._live: Live | None = None

    def show(self, text: str) -> None:
        """Say what is awaited."""
        if self._console is not None and self._live is None:
            self._live = Live(
                Spinner("dots", Text(one_line(text)), style="dim"),
                console=self._console,
                auto_refresh=self._animate,
                refresh_per_second=12.5,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start(refresh=True)

    def hide(self) -> None:
        """Stop saying it."""
        live, self._live = self._live, None
        if live is not None:
            live.stop()
