"""Sound as an answer: speech, or music with the words that go with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ....generation.segments import Segments
from ....stream_chunk.kinds import ChunkType, MediaType
from ....stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from ....stream_chunk.narrow import content, done
from ....stream_chunk.text import TextStreamChunk
from ....wire.media_usage import usage_of
from ...answers.spoken import SAMPLE_RATE, music, speech
from ...answers.tokens import CHARACTERS_PER_TOKEN
from .interactions_ask import InteractionsAsk

FORMS: Final = {
    "audio/l16": "pcm",
    "audio/wav": "wav",
    "audio/mp3": "mp3",
    "audio/ogg_opus": "opus",
    "audio/mulaw": "ulaw",
    "audio/alaw": "alaw",
}
"""Google's formats, and our words for them."""
_SECONDS: Final = 4.0
_NAMED_OTHERWISE: Final = {"audio/ogg_opus": "audio/opus"}
"""Google's names in answers (google.genai AudioDeltaMimeType), where they differ from those in requests."""
_BYTES_PER_TOKEN: Final = SAMPLE_RATE * 2 // 32


def sound_answer(ask: InteractionsAsk, serial: int) -> Iterator[TextStreamChunk | MultimodalStreamChunk]:
    """Yield the sound piece by piece, and the end with its usage; before music, what is sung."""
    media_id, form = f"v1_sim_{serial}-audio-0", FORMS[ask.sound]
    if ask.music:
        yield content(f"[[A0]]\nLa la la: {ask.prompt}")
    pieces = music(ask.prompt, form, seconds=_SECONDS) if ask.music else speech(ask.prompt, form)
    mime_type = _NAMED_OTHERWISE.get(ask.sound, ask.sound)
    segments = Segments(
        media_id, MediaType.AUDIO, MediaMetadata(mime_type=mime_type, sample_rate=SAMPLE_RATE, channels=1)
    )
    for piece in pieces:
        yield segments.next(piece)
    yield MultimodalStreamChunk(type=ChunkType.MEDIA, media_id=media_id, media_type=MediaType.AUDIO)
    text, sound = -(-ask.input_characters // CHARACTERS_PER_TOKEN), segments.size // _BYTES_PER_TOKEN
    usage = usage_of({"input_tokens": text, "output_tokens": sound, "total_tokens": text + sound})
    yield done("stop", usage={name: usage[name] for name in usage if name != "raw"}, usage_source="reported")
