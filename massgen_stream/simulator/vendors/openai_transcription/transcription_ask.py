"""What a request for a transcript asks for."""

from __future__ import annotations

import msgspec

from ...ask import Ask


class Recorded(msgspec.Struct, frozen=True):
    """The file that came.

    Attributes:
        filename: Its name.
        mime_type: As its bytes show.
        size_bytes: Its size.
        seconds: How long it lasts; None where that cannot be found out.
        sample_rate: Hertz.
        channels: How many.
    """

    filename: str
    mime_type: str
    size_bytes: int
    seconds: float | None = None
    sample_rate: int | None = None
    channels: int | None = None


class TranscriptionAsk(Ask, frozen=True):
    """One request.

    Attributes:
        recorded: The file.
        form: The ``response_format``.
        events: Whether the answer comes in events; plain text and subtitles come in one piece.
        language: What is spoken, as asked for.
        speakers: Names of known speakers.
        granularities: Of which parts the times are wanted.
    """

    recorded: Recorded = Recorded("", "", 0)
    form: str = "json"
    events: bool = False
    language: str = "en"
    speakers: tuple[str, ...] = ()
    granularities: tuple[str, ...] = ()
