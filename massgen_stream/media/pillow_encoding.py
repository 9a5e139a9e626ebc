"""Pictures made smaller and written in another format, through Pillow; tells what gets lost."""

from __future__ import annotations

import io
from typing import Any, Final

import msgspec
from PIL import Image, ImageOps, ImageSequence

from ..errors import ConfigurationError, MediaError, excerpt
from .converted import Converted, converted
from .decoding_limits import DecodingLimits, refuse_above
from .local_file import LocalFile
from .pillow_pictures import frame_count, opened_picture, shown_size
from .worker_pool import Stop

ENCODERS: Final = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/avif": "AVIF",
    "image/tiff": "TIFF",
    "image/bmp": "BMP",
}
"""Formats by MIME type."""
LOSSY: Final = frozenset(("image/jpeg", "image/webp", "image/avif"))
_OPAQUE: Final = frozenset(("image/jpeg", "image/bmp"))
_MODES: Final = {
    "image/png": frozenset(("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
    "image/jpeg": frozenset(("L", "RGB", "CMYK")),
    "image/webp": frozenset(("RGB", "RGBA")),
    "image/gif": frozenset(("1", "L", "P", "RGB", "RGBA")),
    "image/avif": frozenset(("RGB", "RGBA")),
    "image/tiff": frozenset(("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F")),
    "image/bmp": frozenset(("1", "L", "P", "RGB")),
}
"""Pillow's names of the colours that each format can hold."""
_BYTE: Final = 255.0
_TWO_BYTES: Final = 65535.0
_MOVING: Final = frozenset(("image/gif", "image/webp", "image/png"))
_WITH_ALPHA: Final = frozenset(("RGBA", "LA", "PA", "RGBa", "La"))
_WITH_PROFILE: Final = frozenset(("image/jpeg", "image/png", "image/webp", "image/avif", "image/tiff"))
_MOST_SIDE: Final = {"image/webp": 16383, "image/jpeg": 65500, "image/gif": 65535, "image/avif": 65535}
"""Pixels of a side that a format, or its usual encoder, can hold; larger pictures are shrunk."""
_FRAME_MILLISECONDS: Final = 100
"""How long browsers show a frame that does not say it."""
_GAP: Final = 1.5
"""A JPEG is decoded at this many times the wanted size, at least; twice costs a third more and looks the same."""


class PictureForm(msgspec.Struct, frozen=True, kw_only=True):
    """The picture that is wanted.

    Attributes:
        mime_type: Its format; one of `ENCODERS`.
        max_width: Pixels; it is shrunk to fit, never enlarged, and keeps its shape.
        max_height: Pixels.
        quality: 1 to 100, where the format loses something; 100 is lossless in WebP.
        moving: Keep all frames of an animation; else only the first.
    """

    mime_type: str = "image/webp"
    max_width: int | None = None
    max_height: int | None = None
    quality: int = 80
    moving: bool = False


def convert_picture(stop: Stop, file: LocalFile, form: PictureForm, limits: DecodingLimits) -> Converted:
    """Return a picture in another form; blocks.

    Raises:
        ConfigurationError: There is no encoder for the type.
        BrokenMedia: The picture is damaged.
        UnsafeMedia: It is over a limit.
    """
    if form.mime_type not in ENCODERS:
        raise ConfigurationError(f"no pictures of type {form.mime_type!r} are made; use one of: {', '.join(ENCODERS)}")
    losses: list[str] = []
    with opened_picture(file, limits) as image:
        before, frames = shown_size(image), frame_count(image)
        moving = form.moving and frames > 1 and form.mime_type in _MOVING
        if moving:
            limits.check_size(image.width, image.height, frames)
            film = _Film(stop, image, form, limits)
        else:
            shown = _shrunk(image, form)
    size = film.frames[0].size if moving else shown.size
    if size != before:
        losses.append(f"shrunk from {before[0]} x {before[1]} to {size[0]} x {size[1]} pixels")
    if frames > 1 and not moving:
        losses.append(f"only the first of {frames} frames is kept")
    data = film.encoded(form, losses) if moving else _encoded(shown, form, losses)
    return converted(data, form.mime_type, losses, width=size[0], height=size[1], frames=frames if moving else None)


def encoded_picture(image: Image.Image, form: PictureForm, losses: list[str]) -> Converted:
    """Return a picture that is in memory already; *losses* grows by what its format cannot hold."""
    shown = _shrunk(image, form)
    data = _encoded(shown, form, losses)
    return converted(data, form.mime_type, losses, width=shown.width, height=shown.height)


def _is_lossy(form: PictureForm) -> bool:
    return form.mime_type in LOSSY and not (form.mime_type == "image/webp" and form.quality == 100)  # noqa: PLR2004


def _box(image: Image.Image, form: PictureForm) -> tuple[int, int]:
    """Return the largest width and height for the picture as it is stored."""
    width, height = shown_size(image)
    most = _MOST_SIDE.get(form.mime_type, max(width, height))
    box = (min(form.max_width or width, most), min(form.max_height or height, most))
    return box if (width, height) == image.size else (box[1], box[0])


def _shrunk(image: Image.Image, form: PictureForm) -> Image.Image:
    box = _box(image, form)
    if image.width > box[0] or image.height > box[1]:
        if image.mode in ("P", "1"):
            image = image.convert("RGBA" if "transparency" in image.info else "RGB")
        image.thumbnail(box, Image.Resampling.LANCZOS, reducing_gap=_GAP)  # decodes a JPEG at a fraction of its size
    return ImageOps.exif_transpose(image)


def _encoded(image: Image.Image, form: PictureForm, losses: list[str]) -> bytes:
    profile = image.info.get("icc_profile") if form.mime_type in _WITH_PROFILE else None
    prepared = _prepared(image, form.mime_type, losses)
    options: dict[str, Any] = {"icc_profile": profile} if profile and prepared.mode in ("RGB", "RGBA") else {}
    _tell_quality(form, losses)
    return _saved(prepared, form, **options)


def _saved(image: Image.Image, form: PictureForm, **options: Any) -> bytes:
    body = io.BytesIO()
    try:
        image.save(body, ENCODERS[form.mime_type], **options, **_quality(form))
    except (OSError, ValueError, RuntimeError) as error:
        size = f"{image.width} x {image.height}"
        raise MediaError(f"{size} pixels cannot be written as {form.mime_type}: {excerpt(error)}") from error
    return body.getvalue()


def _quality(form: PictureForm) -> dict[str, Any]:
    if form.mime_type == "image/webp":
        return {"lossless": True} if not _is_lossy(form) else {"quality": form.quality, "method": 3}
    if form.mime_type == "image/jpeg":
        return {"quality": form.quality, "optimize": True, "progressive": True}
    return {"quality": form.quality, "speed": 8} if form.mime_type == "image/avif" else {}


def _prepared(image: Image.Image, mime_type: str, losses: list[str]) -> Image.Image:
    """Return the picture with colours that the format can hold."""
    modes = _MODES[mime_type]
    if image.mode.startswith(("I", "F")) and image.mode not in modes:
        losses.append("grey of 16 or more bits has 8 now")
        image = _eight_bits(image)
    transparent = image.mode in _WITH_ALPHA or "transparency" in image.info
    if transparent and mime_type in _OPAQUE:
        losses.append("transparency is white now")
        below = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(below, image.convert("RGBA")).convert("RGB")
    return image if image.mode in modes else image.convert("RGBA" if transparent else "RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return grey with 8 bits; how many were used is seen by the lightest point."""
    high = image.getextrema()[1]
    lightest = float(high) if isinstance(high, int | float) else _BYTE
    ranges = [_TWO_BYTES] if image.mode.startswith("I;") else [1.0, _BYTE, _TWO_BYTES]
    most = next((limit for limit in ranges if lightest <= limit), lightest)
    wide = image.convert("I") if image.mode.startswith("I;") else image
    return wide.convert("F").point(lambda value: value * (_BYTE / most) + 0).convert("L")


class _Film:
    """All frames of an animation, decoded and shrunk."""

    def __init__(self, stop: Stop, image: Image.Image, form: PictureForm, limits: DecodingLimits) -> None:
        self.frames: list[Image.Image] = []
        self._lengths: list[int] = []
        self._loop = image.info.get("loop", 0)
        for frame in ImageSequence.Iterator(image):
            stop.check()
            shown = frame.convert("RGBA")
            shown.thumbnail(_box(frame, form), Image.Resampling.LANCZOS)
            self.frames.append(shown)
            kept = len(self.frames) * shown.width * shown.height
            refuse_above("max_pixels", kept, limits.max_pixels, f"keeping {kept} pixels of an animation")
            self._lengths.append(round(float(frame.info.get("duration") or _FRAME_MILLISECONDS)))

    def encoded(self, form: PictureForm, losses: list[str]) -> bytes:
        if form.mime_type == "image/gif":
            losses.append("each frame has 256 colours")
        _tell_quality(form, losses)
        first, *others = self.frames
        moving = {"save_all": True, "append_images": others, "duration": self._lengths, "loop": self._loop}
        return _saved(first, form, **moving)


def _tell_quality(form: PictureForm, losses: list[str]) -> None:
    if _is_lossy(form):
        losses.append(f"encoded as {form.mime_type} with quality {form.quality}")
