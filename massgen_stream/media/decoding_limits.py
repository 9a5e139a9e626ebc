"""How much a medium may unfold to while it is decoded."""

from __future__ import annotations

from typing import Final

import msgspec

from ..errors import UnsafeMedia

MOST_PIXELS: Final = 2**30 // 12
"""Pixels of one picture or frame: a quarter of a gibibyte of three bytes each, Pillow's own limit."""


class DecodingLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What is refused before it is decoded. The defaults let through what cameras, recorders and scanners make.

    Attributes:
        max_pixels: Of one picture or frame; above twice `MOST_PIXELS` Pillow refuses by itself.
        max_frames: Of an animation or video.
        max_all_pixels: Of all frames of an animation together.
        max_seconds: Of a sound or video.
        max_pages: Of a document.
        max_unpacked_bytes: Of all files in an archive together, office documents included.
        max_entries: Files in an archive.
        max_bytes: Of the medium as it is.
        max_result_bytes: Of what a conversion returns in one piece; streams have no limit.
    """

    max_pixels: int = MOST_PIXELS
    max_frames: int = 1_000_000
    max_all_pixels: int = 50 * MOST_PIXELS
    max_seconds: float = 24 * 3600.0
    max_pages: int = 20_000
    max_unpacked_bytes: int = 2**30
    max_entries: int = 20_000
    max_bytes: int = 4 * 2**30
    max_result_bytes: int = 2**29

    def check_size(self, width: int, height: int, frames: int = 1) -> None:
        """Check the size of a picture, or of the frames of an animation.

        Raises:
            UnsafeMedia: It is too large to decode.
        """
        refuse_above("max_pixels", width * height, self.max_pixels, f"a picture of {width} x {height} pixels")
        refuse_above("max_frames", frames, self.max_frames, f"an animation of {frames} frames")
        whole = f"{frames} frames of {width} x {height} pixels"
        refuse_above("max_all_pixels", width * height * frames, self.max_all_pixels, whole)

    def check_time(self, seconds: float) -> None:
        """Check how long a recording is, or how far into it a frame.

        Raises:
            UnsafeMedia: It is too long.
        """
        refuse_above("max_seconds", seconds, self.max_seconds, f"a recording of {seconds:.0f} seconds")


def refuse_above(name: str, value: float, limit: float, what: str) -> None:
    """Check one figure.

    Raises:
        UnsafeMedia: *value* is over *limit*; names both.
    """
    if value > limit:
        raise UnsafeMedia(f"{what} is over the decoder's limit {name} {limit:g}; raise it if the source can be trusted")


DEFAULT: Final = DecodingLimits()
