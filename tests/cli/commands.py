"""Runs of the program: in this process, and as a person would start it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from massgen_stream.cli import main
from massgen_stream.generation import generators
from massgen_stream.provider import providers

PROGRAM = [sys.executable, "-m", "massgen_stream"]
_DOORS = (*providers().values(), *(generator.host for generator in generators()))
_OTHERS = (name for generator in generators() for name in generator.key_variables())
KEYS = tuple({name for spec in _DOORS for name in (*spec.api_key_env, *spec.base_url_env)} | {*_OTHERS})


class Ran(NamedTuple):
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def documents(self) -> list[dict[str, Any]]:
        """Standard output as JSON Lines."""
        return [msgspec.json.decode(line) for line in self.out.splitlines()]


def run_here(capsys: pytest.CaptureFixture[str], *words: str) -> Ran:
    """Run the program in this process."""
    capsys.readouterr()
    code = main(words)
    return Ran(code, *capsys.readouterr())


def environment(**variables: str) -> dict[str, str]:
    """This environment without any key, and buffered as usual."""
    kept = {name: value for name, value in os.environ.items() if name not in (*KEYS, "PYTHONUNBUFFERED")}
    return kept | {"PYTHONWARNINGS": "error::ResourceWarning", "PYTHONUTF8": "1"} | variables


def run(*words: str, stdin: bytes = b"", cwd: Path | None = None, **variables: str) -> Ran:
    """Run the program as a process of its own."""
    done = subprocess.run(
        [*PROGRAM, *words],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=30,
        env=environment(**variables),
        cwd=cwd,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@contextmanager
def started(*words: str, **variables: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A run of the program that is still going on; it is killed at the latest at the end of the block."""
    pipe = subprocess.PIPE
    there = environment(**variables)
    with subprocess.Popen([*PROGRAM, *words], stdin=pipe, stdout=pipe, stderr=pipe, env=there) as process:
        try:
            yield process
        finally:
            process.kill()


def read_until(process: "subprocess.Popen[bytes]", wanted: bytes) -> bytes:
    """Return what the process has written once *wanted* is in it."""
    assert process.stdout is not None
    seen = b""
    while wanted not in seen:
        piece = os.read(process.stdout.fileno(), 65536)
        assert piece, f"ended without {wanted!r}: {seen!r}"
        seen += piece
    return seen
