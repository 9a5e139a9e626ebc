"""A file appears whole, or not at all."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from massgen_stream.errors import MediaError
from massgen_stream.media.atomic_file import AtomicFile
from massgen_stream.media.part_files import PART_SUFFIX, sweep_once

from .running import names


@pytest.mark.anyio
async def test_it_appears_when_it_is_finished(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    pieces = [b"x" * size for size in (1, 300_000, 5, 700_000, 0)]
    async with AtomicFile.at(path) as file:
        for piece in pieces:
            await file.write(piece)
        assert not path.exists()
        assert await file.finish() == path
    assert path.read_bytes() == b"".join(pieces)
    assert names(tmp_path) == ["a.bin"]


@pytest.mark.anyio
async def test_it_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"before")
    async with AtomicFile.at(str(path)) as file:
        await file.write(b"after")
        await file.finish()
    assert path.read_bytes() == b"after"


@pytest.mark.anyio
async def test_its_name_may_be_found_last(tmp_path: Path) -> None:
    async with AtomicFile(tmp_path) as file:
        await file.write(b"abc")
        assert await file.finish(tmp_path / "new" / "abc.bin") == tmp_path / "new" / "abc.bin"
    assert names(tmp_path) == ["new/abc.bin"]


@pytest.mark.anyio
async def test_what_is_not_finished_is_removed(tmp_path: Path) -> None:
    async with AtomicFile.at(tmp_path / "a.bin") as file:
        await file.write(b"x" * 10**6)
    assert names(tmp_path) == []


@pytest.mark.anyio
async def test_it_has_the_rights_of_an_ordinary_file(tmp_path: Path) -> None:
    (tmp_path / "ordinary").write_bytes(b"")
    async with AtomicFile.at(tmp_path / "a.bin") as file:
        await file.finish()
    assert (tmp_path / "a.bin").stat().st_mode == (tmp_path / "ordinary").stat().st_mode


@pytest.mark.anyio
async def test_what_cannot_be_written_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for path, why in ((tmp_path / "none" / "a", "No such file"), (tmp_path / "file" / "a", "Not a directory")):
        with pytest.raises(MediaError, match=f"cannot write .*{why}"):
            async with AtomicFile.at(path):
                pass
    (tmp_path / "folder").mkdir()
    with pytest.raises(MediaError, match=r"cannot write .*directory"):
        async with AtomicFile.at(tmp_path / "folder") as file:
            await file.finish()
    assert names(tmp_path) == ["file"]


def test_a_killed_process_leaves_nothing_under_the_name(tmp_path: Path) -> None:
    program = (
        "import asyncio, os, signal, sys\n"
        "from massgen_stream.media.atomic_file import AtomicFile\n"
        "async def main():\n"
        "    async with AtomicFile.at(sys.argv[1]) as file:\n"
        "        for _ in range(4): await file.write(bytes(10**6))\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "a.bin")], check=False)
    assert done.returncode == -signal.SIGKILL
    (left,) = os.listdir(tmp_path)  # noqa: PTH208
    assert left.startswith(".a.bin.")
    assert left.endswith(PART_SUFFIX)
    os.utime(tmp_path / left, (0, 0))
    sweep_once.cache_clear()
    asyncio.run(written(tmp_path / "b.bin"))
    assert names(tmp_path) == ["b.bin"]


async def written(path: Path) -> None:
    async with AtomicFile.at(path) as file:
        await file.finish()


def test_what_is_being_written_is_not_removed_however_slowly_it_comes(tmp_path: Path) -> None:
    async def slowly() -> None:
        async with AtomicFile.at(tmp_path / "a.bin") as file:
            await file.write(b"abc")
            for part in names(tmp_path):
                os.utime(tmp_path / part, (0, 0))
            await asyncio.to_thread(swept_by_another_process, tmp_path)
            await file.finish()

    asyncio.run(slowly())
    assert (tmp_path / "a.bin").read_bytes() == b"abc"


def swept_by_another_process(folder: Path) -> None:
    program = (
        "import sys, time, pathlib\n"
        "from massgen_stream.media.part_files import sweep_parts\n"
        "sweep_parts(pathlib.Path(sys.argv[1]), time.time())\n"
    )
    subprocess.run([sys.executable, "-c", program, str(folder)], check=True)
