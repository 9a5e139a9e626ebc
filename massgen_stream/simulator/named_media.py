"""Pictures and films that answers refer to: made whenever they are fetched, as long as their address is good."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

from .answers.film import mp4
from .answers.picture import png
from .given import Given, Ids
from .request import Request
from .vendor import BadRequest, File


class _Shape(NamedTuple):
    """Width and height in pixels, and the length of a film; 0: it is a picture."""

    width: int
    height: int
    seconds: int


class NamedMedia:
    """Media of one vendor, by their names.

    Args:
        given: By the simulator.
        place: First part of their paths, before ``/{name}``.
        seconds: How long they are kept, as the vendor documents; None: it says nothing.
    """

    def __init__(self, given: Given, place: str, seconds: float | None = None) -> None:
        self._place, self._seconds = place, seconds
        self._shapes: Ids[_Shape] = given.ids(f"media{place}")

    def url(self, request: Request, width: int, height: int, seconds: int = 0) -> str:
        """Return the address of a new film of that length, or of a picture.

        Args:
            request: Who is asked is where it will be.
            width: In pixels.
            height: In pixels.
            seconds: Length; 0: it is a picture.
        """
        name = f"{uuid4().hex[:16]}.{'mp4' if seconds else 'png'}"
        self._shapes.give(name, _Shape(width, height, seconds), self._seconds)
        return f"http://{request.headers['host']}{self._place}/{name}"

    def refers(self, request: Request, url: str) -> bool:
        """Return whether an address can be read: it is on another host, or of a medium that is here."""
        parts = urlsplit(url)
        if parts.netloc != request.headers.get("host") or not parts.path.startswith(f"{self._place}/"):
            return True
        return self._shapes.knows(parts.path.rpartition("/")[2])

    def file(self, request: Request) -> File:
        """Return the file that an answer referred to.

        Raises:
            BadRequest: No answer has that name in it, or its time is over.
        """
        shape = self._shapes.find(request.params.get("name", ""))
        if shape is None:
            raise BadRequest("Not found.", status=404)
        if not shape.seconds:
            return File(png(shape.width, shape.height), "image/png")
        return File(mp4(shape.width, shape.height, shape.seconds), "video/mp4")
