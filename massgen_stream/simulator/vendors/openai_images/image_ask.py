"""What a request for images asks for."""

from __future__ import annotations

from ...ask import Ask


class ImageAsk(Ask, frozen=True):
    """One request.

    Attributes:
        size: Width and height in pixels.
        previews: How many previews each picture has.
        form: How it is coded, in OpenAI's word.
        compression: Quality of JPEG and WebP, 0 to 100.
        quality: As asked for.
        background: As asked for.
        edits: Whether images are changed.
        input_images: How many images came.
    """

    size: tuple[int, int] = (1024, 1024)
    previews: int = 0
    form: str = "png"
    compression: int | None = None
    quality: str = "auto"
    background: str = "auto"
    edits: bool = False
    input_images: int = 0
