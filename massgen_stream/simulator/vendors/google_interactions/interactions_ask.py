"""What an interaction asks for besides words."""

from __future__ import annotations

from ...ask import Ask
from ...media_jobs import Job


class InteractionsAsk(Ask, frozen=True):
    """One request.

    Attributes:
        sound: MIME type of the sound that is asked for, as Google spells it; empty: none is.
        music: Whether it is music, not speech.
        video: The video that is asked for; None: none is.
        background: Whether the client comes back for the answer.
        picture: Width and height of pictures.
        picture_form: How they are coded: ``png`` or ``jpeg``.
    """

    sound: str = ""
    music: bool = False
    video: Job | None = None
    background: bool = False
    picture: tuple[int, int] = (96, 64)
    picture_form: str = "png"
