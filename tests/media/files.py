"""Media files of every type, made here."""

import io
import math
from array import array
from functools import cache
from typing import Any

import av
import pillow_heif
import pypdfium2  # type: ignore[import-untyped]
from PIL import Image, ImageDraw


def painted(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Return a picture in which every part looks different."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.ellipse((width // 8, height // 8, width // 2, height // 2), fill=(200, 30, 30))
    draw.rectangle((width // 2, height // 2, width - 1, height - 1), fill=(20, 60, 220))
    return image.convert(mode)


@cache
def picture(form: str = "PNG", width: int = 64, height: int = 48, mode: str = "RGB", **options: Any) -> bytes:
    """Return a picture file."""
    body = io.BytesIO()
    painted(width, height, mode).save(body, form, **options)
    return body.getvalue()


@cache
def mask(width: int = 64, height: int = 48, form: str = "PNG") -> bytes:
    """Return a mask that is transparent on its left half."""
    image = Image.new("RGBA", (width, height), (0, 0, 0, 255))
    image.paste((0, 0, 0, 0), (0, 0, width // 2, height))
    body = io.BytesIO()
    image.save(body, form, **({"lossless": True} if form == "WEBP" else {}))
    return body.getvalue()


@cache
def heic(width: int = 64, height: int = 48) -> bytes:
    """Return a picture as telephones make them; written without teaching Pillow the format."""
    image = painted(width, height)
    body = io.BytesIO()
    pillow_heif.from_pillow(image).save(body, quality=80)
    return body.getvalue()


def animation(form: str = "GIF", frames: int = 5, width: int = 64, height: int = 48, duration: int = 100) -> bytes:
    """Return a moving picture; *duration* of each frame is in milliseconds."""
    first, *others = [painted(width, height).rotate(20 * number) for number in range(frames)]
    body = io.BytesIO()
    first.save(body, form, save_all=True, append_images=others, duration=duration, loop=0)
    return body.getvalue()


_CODECS = {"wav": "pcm_s16le", "mp3": "libmp3lame", "flac": "flac"}


@cache
def audio_file(
    form: str = "wav", seconds: float = 0.5, *, codec: str | None = None, rate: int = 44100, channels: int = 1
) -> bytes:
    """Return a sound file with a tone of 440 Hz."""
    body = io.BytesIO()
    with av.open(body, "w", form) as container:
        stream = container.add_stream(codec or _CODECS[form], rate=rate)
        assert isinstance(stream, av.AudioStream)
        stream.layout = "stereo" if channels == 2 else "mono"
        frame = av.AudioFrame("s16", stream.layout.name, int(rate * seconds))
        wave = array("h", (int(20000 * math.sin(math.tau * 440 * i / rate)) for i in range(int(rate * seconds))))
        samples = array("h", (sample for sample in wave for _ in range(channels)))
        frame.planes[0].update(samples.tobytes())
        frame.sample_rate = rate
        for fitting in av.AudioResampler(
            stream.codec_context.format, stream.layout, rate, stream.frame_size or None
        ).resample(frame):
            container.mux(stream.encode(fitting))
        container.mux(stream.encode(None))
    return body.getvalue()


def frame_of(image: Image.Image) -> av.VideoFrame:
    """Return a frame of a video."""
    return av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call,no-any-return]


@cache
def video_file(
    form: str = "mp4",
    frames: int = 12,
    *,
    codec: str = "libx264",
    width: int = 64,
    height: int = 48,
    rate: int = 12,
    sound: bool = False,
) -> bytes:
    """Return a video in which a picture turns."""
    body = io.BytesIO()
    with av.open(body, "w", form) as container:
        stream = container.add_stream(codec, rate=rate)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        heard = container.add_stream("aac", rate=44100, layout="mono") if sound else None
        for number in range(frames):
            picture = frame_of(painted(width, height).rotate(5 * number))
            picture.pts = number
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
        if heard is not None:
            _hum(container, heard, frames / rate)
    return body.getvalue()


def _hum(container: Any, stream: Any, seconds: float) -> None:
    for start in range(0, int(44100 * seconds), 1024):
        frame = av.AudioFrame("fltp", "mono", 1024)
        frame.planes[0].update(array("f", (math.sin(i / 16) for i in range(start, start + 1024))).tobytes())
        frame.sample_rate, frame.pts = 44100, start
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


@cache
def pdf_file(pages: int = 1, width: float = 200, height: float = 100) -> bytes:
    """Return a document with empty pages; sizes are in points."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(width, height)
    body = io.BytesIO()
    document.save(body)
    document.close()
    return body.getvalue()


def text_pdf(*texts: str) -> bytes:
    """Return a document with one line of text on each page, written by hand (ISO 32000-1, 7.5)."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    pages = []
    for text in texts:
        drawn = f"BT /F1 18 Tf 20 40 Td ({text}) Tj ET".encode("latin-1")
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn))
        pages.append(len(objects) + 1)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
            % len(objects)
        )
    kids = b" ".join(b"%d 0 R" % page for page in pages)
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids)
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return body + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


def turned_video() -> bytes:
    """Return a video of 64 x 48 that says it is to be shown turned by 90 degrees."""
    body = io.BytesIO()
    with av.open(body, "w", "mp4") as container:
        stream = container.add_stream("libx264", rate=12)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.set_display_rotation(90)
        for number in range(4):
            picture = frame_of(painted(64, 48))
            picture.pts = number
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return body.getvalue()
