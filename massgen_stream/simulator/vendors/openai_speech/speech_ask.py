"""What a request for speech asks for."""

from __future__ import annotations

from ...ask import Ask


class SpeechAsk(Ask, frozen=True):
    """One request.

    Attributes:
        form: How the sound is coded, in OpenAI's word.
        speed: 1 is normal.
        events: Whether it comes in events, else as it is.
    """

    form: str = "mp3"
    speed: float = 1.0
    events: bool = False
