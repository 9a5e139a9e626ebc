"""ElevenLabs: speech, dialogues, sounds, music, videos and transcripts.

It has no chat, so this is no `SPEC`: `providers` lists who answers messages. Generators and `transcribe` know it.
"""

from __future__ import annotations

from typing import Final

from .spec import ProviderSpec

HOST: Final = ProviderSpec(
    name="elevenlabs",
    title="ElevenLabs",
    protocol="elevenlabs.sound",
    base_url_env=("ELEVENLABS_BASE_URL",),
    api_key_env=("ELEVENLABS_API_KEY",),
    default_model="eleven_v3",
    output_media=("audio", "video", "image"),
    notes="speech with voices of one's own, sound effects, music; hosts video and image models of others",
    extra="elevenlabs",
    documentation="https://elevenlabs.io/docs/api-reference",
)
