"""Speech by espeak-ng (https://github.com/espeak-ng/espeak-ng), where it is installed."""

from __future__ import annotations

import asyncio
import shutil
import struct
from contextlib import suppress
from typing import Final, NamedTuple

from ...errors import MediaError, TransportError, excerpt
from ...outlasting import to_its_end

PROGRAMS: Final = ("espeak-ng", "espeak")
_WORDS_A_MINUTE: Final = 160
_FORM: Final = struct.Struct("<HHIIHH")


class Speech(NamedTuple):
    """Words that were spoken.

    Attributes:
        samples: Bare samples of 16 bits, one channel.
        sample_rate: Hertz.
    """

    samples: bytes
    sample_rate: int


def program() -> str | None:
    """Return the path of the program; None where it is not installed."""
    return next((found for name in PROGRAMS if (found := shutil.which(name)) is not None), None)


async def speech(path: str, text: str, *, voice: str | None = None, speed: float = 1.0) -> Speech:
    """Return *text* as the program speaks it; it is ended when nobody waits for it any more.

    Args:
        path: The program.
        text: What to say; never taken for an option or a file name.
        voice: Its voice, such as ``en-us`` or ``de+f3``; None: its own.
        speed: 1 is normal.

    Raises:
        MediaError: It cannot, for example for want of the voice.
    """
    words = ["--stdout", "--stdin", "-b", "1", "-s", str(max(80, min(450, round(_WORDS_A_MINUTE * speed))))]
    if voice:
        words += ["-v", voice]
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(path, *words, stdin=pipe, stdout=pipe, stderr=pipe)
    except OSError as error:
        raise TransportError(f"{path} cannot be started: {error.strerror}", retryable=False) from None
    try:
        out, told = await process.communicate(text.encode("utf-8", "replace"))
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await to_its_end(process.wait())
    if process.returncode or not out:
        reason = told.decode("utf-8", "replace").strip() or "no sound came"
        raise MediaError(f"espeak-ng cannot speak this: {excerpt(reason)}")
    return read_wave(out)


def read_wave(data: bytes) -> Speech:
    """Return what a WAV file from a pipe holds; its header does not know how long it is.

    Raises:
        MediaError: It is none, or has another form than mono with 16 bits.
    """
    form = data.find(b"fmt ")
    start = data.find(b"data")
    if data[:4] != b"RIFF" or form < 0 or start < 0:
        raise MediaError("espeak-ng gave no WAV file")
    _, channels, rate, _, _, bits = _FORM.unpack_from(data, form + 8)
    if (channels, bits) != (1, 16):
        raise MediaError(f"espeak-ng gave {channels} channels of {bits} bits, not one of 16")
    samples = data[start + 8 :]
    return Speech(samples[: len(samples) // 2 * 2], rate)
