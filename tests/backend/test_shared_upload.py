"""One upload for everybody who wants the same content at the same time."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.backend.file_endpoint import FileEndpoint, Outgoing, Stored, UploadOptions
from massgen_stream.backend.shared_upload import SharedUpload
from massgen_stream.backend.uploads import Uploads
from massgen_stream.errors import ConfigurationError, ProviderError
from massgen_stream.media.local_file import LocalFile
from massgen_stream.stream_chunk.kinds import MediaType
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk

from ..simulator.polling import until

pytestmark = pytest.mark.anyio
PDF = b"%PDF-1.7\n" + bytes(1000)


class Vendor:
    """An endpoint that takes half of a file, and the rest when it may."""

    def __init__(self, *, looks: int = 0, failure: Exception | None = None) -> None:
        self.begun = self.ended = self.looked = 0
        self.may_end = asyncio.Event()
        self.pauses: list[float] = []
        self._looks, self._failure = looks, failure

    async def send(self, sdk: Any, file: Outgoing, _transport: Mapping[str, Any]) -> Stored:
        assert sdk == "sdk"
        self.begun += 1
        file.content.read(500)
        await self.may_end.wait()
        assert file.content.read() == PDF[500:]
        self.ended += 1
        if self._failure is not None:
            raise self._failure
        return Stored(f"file-{self.begun}", None, is_ready=not self._looks)

    async def look(self, _sdk: Any, stored: Stored, _transport: Mapping[str, Any]) -> Stored:
        self.looked += 1
        return stored._replace(is_ready=self.looked >= self._looks)

    async def delete(self, _sdk: Any, file_id: str, _transport: Mapping[str, Any]) -> None:
        raise AssertionError(file_id)

    async def door(self) -> tuple[Any, Mapping[str, Any]]:
        return "sdk", {}

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def uploads(self) -> Uploads:
        endpoint = FileEndpoint(self.send, self.delete, has_expiry=False, look=self.look)
        return Uploads(endpoint, self.door, "vendor", lambda: 0.0, self.sleep)


async def told(uploads: Uploads, medium: Any = PDF) -> list[MultimodalStreamChunk]:
    return [chunk async for chunk in uploads.stream(medium, UploadOptions(), "m")]


def ids(readings: list[list[MultimodalStreamChunk]]) -> set[str]:
    return {(chunks[-1].attachments or [{}])[0]["file_id"] for chunks in readings}


def is_there(path: str) -> bool:
    return Path(path).exists()


async def begun(vendor: Vendor) -> None:
    await until(lambda: vendor.begun > 0)


async def test_everybody_who_wants_the_same_shares_one_upload() -> None:
    vendor = Vendor()
    uploads = vendor.uploads()
    readers = [asyncio.ensure_future(told(uploads)) for _ in range(5)]
    await begun(vendor)
    readers.append(asyncio.ensure_future(told(uploads)))
    other = asyncio.ensure_future(told(uploads, PDF[:-1] + b"\n"))
    await asyncio.sleep(0)
    other.cancel()
    vendor.may_end.set()
    readings = await asyncio.gather(*readers)
    assert ids(readings) == {"file-1"}
    assert readings[0][0].bytes_transferred == 0
    assert all(chunks[-1].bytes_transferred == len(PDF) for chunks in readings)
    assert await told(uploads) == readings[0][-1:]
    assert vendor.begun <= 2


async def test_who_began_may_leave() -> None:
    vendor = Vendor()
    uploads = vendor.uploads()
    first, second = (asyncio.ensure_future(told(uploads)) for _ in range(2))
    await begun(vendor)
    first.cancel()
    await asyncio.wait({first})
    vendor.may_end.set()
    assert ids([await second]) == {"file-1"}
    assert vendor.begun == 1


async def test_the_last_who_leaves_ends_it_and_the_next_begins_anew() -> None:
    vendor = Vendor()
    uploads = vendor.uploads()
    readers = [asyncio.ensure_future(told(uploads)) for _ in range(2)]
    await begun(vendor)
    for reader in readers:
        reader.cancel()
    await asyncio.wait(readers)
    assert (vendor.begun, vendor.ended) == (1, 0)
    vendor.may_end.set()
    assert ids([await told(uploads)]) == {"file-2"}


async def test_a_failure_is_everybodys_and_is_not_remembered() -> None:
    vendor = Vendor(failure=ProviderError("no", provider="vendor"))
    uploads = vendor.uploads()
    readers = [asyncio.ensure_future(told(uploads)) for _ in range(2)]
    await begun(vendor)
    vendor.may_end.set()
    found = await asyncio.gather(*readers, return_exceptions=True)
    assert [str(one) for one in found] == ["no", "no"]
    assert vendor.begun == 1
    with pytest.raises(ProviderError):
        await told(uploads)
    assert vendor.begun == 2


async def test_a_temporary_file_lives_as_long_as_the_upload() -> None:
    async def pieces() -> Any:
        for start in range(0, len(PDF), 100):
            yield PDF[start : start + 100]

    vendor = Vendor()
    uploads = vendor.uploads()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("massgen_stream.media.local_file.MOST_IN_MEMORY", 10)
        first = asyncio.ensure_future(told(uploads, pieces()))
        await begun(vendor)
        second = uploads.stream(PDF, UploadOptions(), "m")
        assert (await anext(second)).bytes_transferred == 0  # it has joined
        first.cancel()
        await asyncio.wait({first})
        vendor.may_end.set()
        shared = next(iter(uploads._under_way.values()))
        spool = shared._file.path or ""
        assert is_there(spool)
        assert ids([[chunk async for chunk in second]]) == {"file-1"}
        assert vendor.begun == 1
        assert not is_there(spool)


async def test_who_comes_while_it_is_given_up_begins_anew() -> None:
    class Slow(Vendor):
        """A vendor's SDK that takes its time to give up."""

        async def send(self, sdk: Any, file: Outgoing, transport: Mapping[str, Any]) -> Stored:
            try:
                return await super().send(sdk, file, transport)
            except asyncio.CancelledError:
                giving_up.set()
                await may_give_up.wait()
                raise

    giving_up, may_give_up = asyncio.Event(), asyncio.Event()
    vendor = Slow()
    uploads = vendor.uploads()
    first = asyncio.ensure_future(told(uploads))
    await begun(vendor)
    first.cancel()
    await giving_up.wait()
    vendor.may_end.set()
    assert ids([await told(uploads)]) == {"file-2"}
    may_give_up.set()
    await asyncio.wait({first})
    assert (await told(uploads))[-1].attachments == (await told(uploads))[-1].attachments
    assert vendor.begun == 2


async def test_who_is_cancelled_twice_leaves_nothing_behind() -> None:
    giving_up, closed = asyncio.Event(), list[bool]()

    class Stubborn(Vendor):
        async def send(self, sdk: Any, file: Outgoing, transport: Mapping[str, Any]) -> Stored:
            try:
                return await super().send(sdk, file, transport)
            except asyncio.CancelledError:
                giving_up.set()
                await asyncio.Event().wait()
                raise

    async def read(shared: SharedUpload) -> None:
        async for _ in shared.progress():
            pass

    vendor = Stubborn()
    file = LocalFile(kind=MediaType.DOCUMENT, mime_type="application/pdf", shown=True, size_bytes=len(PDF), data=PDF)
    endpoint, holding = FileEndpoint(vendor.send, vendor.delete, look=vendor.look), AsyncExitStack()
    holding.callback(lambda: closed.append(True))
    shared = SharedUpload(
        endpoint, vendor.door, file, UploadOptions(), holding=holding, sleep=vendor.sleep, provider="vendor"
    )
    reader = asyncio.ensure_future(read(shared))
    await begun(vendor)
    reader.cancel()
    await giving_up.wait()
    assert not closed
    reader.cancel()
    await asyncio.wait({reader})
    assert reader.cancelled()
    assert closed == [True]
    shared._task.cancel()
    await asyncio.wait({shared._task})


async def test_a_file_is_looked_at_until_it_is_ready() -> None:
    vendor = Vendor(looks=8)
    vendor.may_end.set()
    chunks = await told(vendor.uploads())
    assert vendor.looked == 8
    assert vendor.pauses == sorted(vendor.pauses)
    assert (vendor.pauses[0], vendor.pauses[-1]) == (0.5, 5.0)
    assert chunks[-1].attachments == [{"type": "document", "file_id": "file-1", "mime_type": "application/pdf"}]


async def test_a_file_that_is_never_ready_is_given_up() -> None:
    vendor = Vendor(looks=10**6)
    vendor.may_end.set()
    with pytest.raises(ProviderError, match="has been processing the file for 60 minutes") as caught:
        await told(vendor.uploads())
    assert caught.value.kind == "timeout"


async def test_progress_tells_each_stage_and_never_goes_back() -> None:
    vendor = Vendor(looks=1)
    gate = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        await gate.wait()

    file = LocalFile(kind=MediaType.DOCUMENT, mime_type="application/pdf", shown=True, size_bytes=len(PDF), data=PDF)
    endpoint = FileEndpoint(vendor.send, vendor.delete, look=vendor.look)
    shared = SharedUpload(
        endpoint, vendor.door, file, UploadOptions(), holding=AsyncExitStack(), sleep=sleep, provider="vendor"
    )
    steps = []
    async for step in shared.progress():
        steps.append(step)
        vendor.may_end.set()
        if step.stage == "processing":
            gate.set()
    assert steps[0] == (0, "uploading")
    assert steps[-1] == (len(PDF), "processing")
    assert [step.sent for step in steps] == sorted(step.sent for step in steps)
    assert not shared.may_be_joined


async def test_what_the_vendor_has_no_place_for_is_refused() -> None:
    uploads = Vendor().uploads()
    with pytest.raises(ConfigurationError, match="expires_after_seconds: vendor decides itself"):
        uploads.check(UploadOptions(expires_after_seconds=3600))
    with pytest.raises(ConfigurationError, match="purpose"):
        uploads.check(UploadOptions(purpose="vision"))
