"""What a request to Imagen asks for."""

from __future__ import annotations

from ...ask import Ask


class ImagenAsk(Ask, frozen=True):
    """One request.

    Attributes:
        size: Width and height in pixels.
        form: How it is coded: ``png`` or ``jpeg``.
        compression: Quality of JPEG, 0 to 100.
    """

    size: tuple[int, int] = (96, 96)
    form: str = "png"
    compression: int | None = None
