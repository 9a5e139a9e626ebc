"""Pictures as files, drawn and encoded in worker threads."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from ...media.worker_pool import Stop
from .painter import preview, still
from .scene import Scene

_OPTIONS = {"png": {"compress_level": 6}, "jpeg": {"quality": 90}, "webp": {"quality": 90}}


def drawn(stop: Stop, scene: Scene, size: tuple[int, int]) -> Image.Image:
    """Return the scene as a picture; blocks."""
    stop.check()
    return still(scene, *size)


def blurred(stop: Stop, picture: Image.Image, share: float, form: str) -> bytes:
    """Return a less sharp picture of the same size as a file; blocks."""
    stop.check()
    return _file(preview(picture, share), form)


def encoded(stop: Stop, picture: Image.Image, form: str) -> bytes:
    """Return a picture as a file; blocks."""
    stop.check()
    return _file(picture, form)


def _file(picture: Image.Image, form: str) -> bytes:
    out = BytesIO()
    picture.save(out, format=form, **_OPTIONS[form])
    return out.getvalue()
