"""A medium that decoders can seek in."""

import os
import pickle
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from massgen_stream.errors import BrokenMedia, MediaError, MediaMismatch, MediaOverLimit
from massgen_stream.media.local_file import MOST_IN_MEMORY, local_file

from .files import picture

pytestmark = pytest.mark.anyio


async def pieces(data: bytes) -> AsyncGenerator[bytes, None]:
    for start in range(0, len(data), 2**20):
        yield data[start : start + 2**20]


async def test_bytes_stay_in_memory_and_files_where_they_are(tmp_path: Path) -> None:
    data = picture()
    path = tmp_path / "cat.png"
    path.write_bytes(data)
    async with local_file(data) as file:
        assert (file.data, file.path, file.size_bytes, file.mime_type) == (data, None, len(data), "image/png")
    async with local_file(path) as file:
        assert (file.data, file.path, file.filename) == (None, str(path), "cat.png")
        with file.opened() as raw:
            assert raw.read() == data
        assert file.tail(5) == data[-5:]
        assert pickle.loads(pickle.dumps(file)) == file


@pytest.mark.parametrize("extra", [0, MOST_IN_MEMORY])
async def test_what_comes_in_pieces_is_kept_for_the_time_of_the_block(extra: int) -> None:
    data = picture() + bytes(extra)
    async with local_file(pieces(data)) as file:
        assert (file.path is None) is (extra == 0)
        assert file.size_bytes == len(data)
        with file.opened() as raw:
            assert raw.read() == data
        path = file.path
    assert path is None or not os.path.exists(path)  # noqa: ASYNC240, PTH110


async def test_what_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BrokenMedia, match="empty"):
        async with local_file(b""):
            pass
    with pytest.raises(MediaMismatch):
        async with local_file(b"<html>", mime_type="image/png"):
            pass
    with pytest.raises(MediaOverLimit, match="max_bytes 10"):
        async with local_file(pieces(picture()), max_bytes=10):
            pass

    async def endless() -> AsyncGenerator[bytes, None]:
        while True:
            yield bytes(1000)

    with pytest.raises(MediaOverLimit, match="at least 1048576 bytes is over max_bytes 999500"):
        async with local_file(endless(), max_bytes=999_500):
            pass
    with pytest.raises(MediaError, match="No such file"):
        async with local_file(tmp_path / "absent"):
            pass
    path = tmp_path / "gone.png"
    path.write_bytes(picture())
    async with local_file(path) as file:
        path.unlink()
        with pytest.raises(MediaError, match="No such file"), file.opened():
            pass


async def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class FullDisk:
        name = "/dev/full"

        def writelines(self, _: object) -> None:
            raise OSError(28, "No space left on device")

        def close(self) -> None:
            pass

    monkeypatch.setattr("tempfile.NamedTemporaryFile", lambda **_: FullDisk())
    with pytest.raises(MediaError, match="cannot keep the medium while it is worked on: No space left"):
        async with local_file(pieces(picture() + bytes(MOST_IN_MEMORY))):
            pass
