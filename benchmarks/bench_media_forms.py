"""Looking at media, and making other forms of them: one at a time, files in the page cache."""

from __future__ import annotations

import asyncio
import io
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import av
from PIL import Image

from massgen_stream.media import convert_video, detect, page_pictures, poster, probe, thumbnail, waveform
from massgen_stream.media.detection import HEAD_BYTES

from .table import Report
from .timing import seconds

FILES = 3000
FRAMES = 300


def _photo(path: Path) -> None:
    """12 megapixels with something to see everywhere; as JPEG 4 MB, as cameras make them."""
    grey = Image.effect_mandelbrot((4000, 3000), (-2.0, -1.5, 1.0, 1.5), 60)
    noise = Image.effect_noise((4000, 3000), 20)
    Image.merge("RGB", (grey, noise, Image.blend(grey, noise, 0.5))).save(path, quality=88)


def _video(path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        picture = Image.effect_mandelbrot((1280, 720), (-2.0, -1.5, 1.0, 1.5), 40).convert("RGB")
        for number in range(FRAMES):
            shown = picture.transform(picture.size, Image.Transform.AFFINE, (1, 0, number, 0, 1, number // 2))
            frame = av.VideoFrame.from_image(shown)  # type: ignore[no-untyped-call]
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _sound(path: Path) -> None:
    import wave

    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 44100, 0, "NONE", ""))
        file.writeframes(bytes(range(256)) * (44100 * 60 // 128))


def _page() -> bytes:
    body = io.BytesIO()
    Image.effect_noise((1240, 1754), 40).save(body, "PDF")
    return body.getvalue()


def _detect_all(paths: list[Path]) -> None:
    for number in range(FILES):
        with paths[number % len(paths)].open("rb") as file:
            detect(file.read(HEAD_BYTES))


async def _first_page(document: bytes) -> None:
    async for _ in page_pictures(document, pages=[1], size=1024):
        pass


def _milliseconds(work: Callable[[], Awaitable[Any]], rounds: int = 9) -> float:
    """Return the median of one call in a running loop: starting one is not what is measured."""

    async def measured() -> float:
        taken = []
        for _ in range(rounds):
            start = time.perf_counter()
            await work()
            taken.append(time.perf_counter() - start)
        return sorted(taken)[rounds // 2] * 1000

    return asyncio.run(measured())


def run() -> Report:
    report = Report("media_forms", "Looking at media and making other forms of them, one at a time, with warm files.")
    with tempfile.TemporaryDirectory() as folder:
        photo, picture, video, sound = (Path(folder) / name for name in ("a.jpg", "a.png", "a.mp4", "a.wav"))
        _photo(photo)
        _photo(picture)
        _video(video)
        _sound(sound)
        taken = seconds(lambda: _detect_all([photo, picture, video, sound]))
        report.add("detect, opening each file", FILES / taken, "files/s", 3000, at_least=True)
        report.add("probe a JPEG", _milliseconds(lambda: probe(photo)), "ms")
        report.add("probe a 720p MP4", _milliseconds(lambda: probe(video)), "ms")
        report.add("thumbnail of a 12-megapixel JPEG", _milliseconds(lambda: thumbnail(photo)), "ms", 60)
        report.add("512 pixels of it", _milliseconds(lambda: thumbnail(photo, size=512)), "ms")
        report.add("thumbnail of a 12-megapixel PNG", _milliseconds(lambda: thumbnail(picture)), "ms")
        report.add("poster of a 720p MP4", _milliseconds(lambda: poster(video)), "ms")
        report.add("waveform of a minute", _milliseconds(lambda: waveform(sound)), "ms")
        document = _page()
        report.add("a scanned PDF page as a picture", _milliseconds(lambda: _first_page(document)), "ms")
        taken = _milliseconds(lambda: convert_video(video, max_height=360), rounds=3)
        report.add(f"{FRAMES} frames of 720p to 360p", taken, "ms")
        report.add("the same video as fragments, copied", _milliseconds(lambda: convert_video(video)), "ms")
    return report
