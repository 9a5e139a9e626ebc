"""One upload under way, for everybody who wants the same content at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..errors import ProviderError
from ..stream_chunk.formatter.mime import extension_of
from .file_endpoint import CountedFile, FileEndpoint, Outgoing, Stored, UploadOptions

if TYPE_CHECKING:
    from ..media.local_file import LocalFile

Door = Callable[[], Awaitable[tuple[Any, Mapping[str, Any]]]]
"""Returns the SDK's open client, and arguments for the transport."""
UPLOADING, PROCESSING = "uploading", "processing"
PROGRESS_SECONDS: Final = 0.1
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 5.0
_LONGER: Final = 1.5
_MOST_PROCESSING_SECONDS: Final = 3600.0
"""Of pauses between looks; hours of video are ready within minutes."""


class Step(NamedTuple):
    """How far an upload is.

    Attributes:
        sent: Bytes handed to the network.
        stage: ``uploading``, or ``processing`` while the vendor looks at all of them.
    """

    sent: int
    stage: str


class SharedUpload:
    """One file on its way to a vendor. It goes on while anybody reads its `progress`, and ends with the last of them.

    Args:
        endpoint: What the vendor's SDK does with files.
        door: Opens the client.
        file: The medium.
        options: How it is uploaded.
        holding: What keeps *file* at hand; it is closed with the upload.
        sleep: Waits so many seconds.
        provider: The provider's name, for errors.
    """

    def __init__(
        self,
        endpoint: FileEndpoint,
        door: Door,
        file: LocalFile,
        options: UploadOptions,
        *,
        holding: AsyncExitStack,
        sleep: Callable[[float], Awaitable[object]],
        provider: str,
    ) -> None:
        self._endpoint, self._door, self._file, self._options = endpoint, door, file, options
        self._holding, self._sleep, self._provider = holding, sleep, provider
        self._content: CountedFile | None = None
        self._stage = UPLOADING
        self._readers, self._is_left = 0, False
        self._task = asyncio.ensure_future(self._uploaded())

    @property
    def may_be_joined(self) -> bool:
        """Whether it is under way, in the running event loop."""
        return not self._is_left and not self._task.done() and self._task.get_loop() is asyncio.get_running_loop()

    def whenever_done(self, tell: Callable[[Stored | None], object]) -> None:
        """Have *tell* called at its end, with what the vendor has; None: nothing."""

        def done(task: asyncio.Task[Stored]) -> None:
            tell(None if task.cancelled() or task.exception() is not None else task.result())

        self._task.add_done_callback(done)

    def stored(self) -> Stored:
        """Return what the vendor has, after `progress` has ended.

        Raises:
            Exception: Whatever the SDK raised.
        """
        return self._task.result()

    async def progress(self) -> AsyncGenerator[Step, None]:
        """Yield how far it is, for one reader; it never goes back."""
        self._readers += 1
        told = Step(0, UPLOADING)
        try:
            yield told
            while not self._task.done():
                await asyncio.wait([self._task], timeout=PROGRESS_SECONDS)
                step = self._step()
                if step.sent > told.sent or step.stage != told.stage:
                    told = Step(max(step.sent, told.sent), step.stage)
                    yield told
        finally:
            self._readers -= 1
            if not self._readers:
                await self._end()

    def _step(self) -> Step:
        return Step(0 if self._content is None else self._content.sent, self._stage)

    async def _end(self) -> None:
        """Nobody reads it any more: what is not done is not wanted."""
        self._is_left = True
        self._task.cancel()
        try:
            await asyncio.wait([self._task])  # it reads the file, which is closed now
        finally:  # whoever is cancelled twice has no time to wait
            await self._holding.aclose()

    async def _uploaded(self) -> Stored:
        sdk, transport = await self._door()
        with self._file.opened() as content:
            self._content = CountedFile(content, self._file.size_bytes)
            stored = await self._endpoint.send(sdk, self._outgoing(self._content), transport)
        pause, waited = _FIRST_PAUSE_SECONDS, 0.0
        while not stored.is_ready and self._endpoint.look is not None:
            self._stage = PROCESSING
            if waited >= _MOST_PROCESSING_SECONDS:
                why = f"{self._provider} has been processing the file for {waited / 60:.0f} minutes; try again later"
                raise ProviderError(why, provider=self._provider, kind="timeout")
            await self._sleep(pause)
            waited, pause = waited + pause, min(_LONGEST_PAUSE_SECONDS, pause * _LONGER)
            stored = await self._endpoint.look(sdk, stored, transport)
        return stored

    def _outgoing(self, content: CountedFile) -> Outgoing:
        file, options = self._file, self._options
        name = file.filename or f"{file.kind.value}.{extension_of(file.mime_type)}"
        return Outgoing(content, name, file.mime_type, options.purpose, options.expires_after_seconds)
