"""Closed values of a request for media."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar

from ..errors import ConfigurationError, excerpt
from ..stream_chunk.kinds import MediaType

Choice = TypeVar("Choice", bound=StrEnum)

MADE: Final = (MediaType.IMAGE, MediaType.VIDEO, MediaType.AUDIO)
"""Kinds of media that can be asked for."""


class EditMode(StrEnum):
    """What is done with the media that are given, or continued."""

    EDIT = "edit"
    INPAINT = "inpaint"
    INPAINT_INSERTION = "inpaint_insertion"
    INPAINT_REMOVAL = "inpaint_removal"
    OUTPAINT = "outpaint"
    BACKGROUND_SWAP = "background_swap"
    CONTROLLED = "controlled"
    STYLE = "style"
    PRODUCT = "product"
    REMIX = "remix"
    EXTEND = "extend"
    UPSCALE = "upscale"


class Background(StrEnum):
    """What is behind the picture."""

    TRANSPARENT = "transparent"
    OPAQUE = "opaque"
    AUTO = "auto"


class OutputFormat(StrEnum):
    """How the medium is coded."""

    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    GIF = "gif"
    SVG = "svg"
    MP4 = "mp4"
    WEBM = "webm"
    MP3 = "mp3"
    WAV = "wav"
    OPUS = "opus"
    AAC = "aac"
    FLAC = "flac"
    PCM = "pcm"
    ULAW = "ulaw"
    ALAW = "alaw"


FORMATS_OF: Final[Mapping[MediaType, tuple[OutputFormat, ...]]] = {
    MediaType.IMAGE: (OutputFormat.PNG, OutputFormat.JPEG, OutputFormat.WEBP, OutputFormat.GIF, OutputFormat.SVG),
    MediaType.VIDEO: (OutputFormat.MP4, OutputFormat.WEBM, OutputFormat.GIF),
    MediaType.AUDIO: (
        OutputFormat.MP3, OutputFormat.WAV, OutputFormat.OPUS, OutputFormat.AAC, OutputFormat.FLAC, OutputFormat.PCM,
        OutputFormat.ULAW, OutputFormat.ALAW,
    ),
}  # fmt: skip
"""How media of a kind can be coded; of a film without sound a GIF can be made too."""


class MaskMode(StrEnum):
    """Where the part that is edited comes from."""

    AUTO = "auto"
    FOREGROUND = "foreground"
    BACKGROUND = "background"
    SEMANTIC = "semantic"
    USER_PROVIDED = "user_provided"


class AudioType(StrEnum):
    """What is heard."""

    SPEECH = "speech"
    DIALOGUE = "dialogue"
    SOUND_EFFECT = "sound_effect"
    MUSIC = "music"


class Policy(StrEnum):
    """What becomes of an option that a generator does not know."""

    DEGRADE = "degrade"
    """It is left out, and a status chunk says so."""
    STRICT = "strict"
    """It is an error, and generators that know it are preferred."""


_OTHER_NAMES: Final = {
    "bgswap": "background_swap",
    "controlled_editing": "controlled",
    "inpaint_insert": "inpaint_insertion",
    "inpaint_remove": "inpaint_removal",
    "jpg": "jpeg",
    "product_image": "product",
    "sfx": "sound_effect",
    "sound": "sound_effect",
    "sound_effects": "sound_effect",
    "style_transfer": "style",
}
"""Spellings of the vendors and of the origin, and what is meant."""


def chosen(name: str, value: Any, choices: type[Choice]) -> Choice:
    """Return the member of *choices* that *value* names; capitals, spaces and hyphens make no difference.

    Raises:
        ConfigurationError: It names none.
    """
    if isinstance(value, choices):
        return value
    if isinstance(value, str):
        plain = value.strip().lower().replace("-", "_").replace(" ", "_")
        plain = _OTHER_NAMES.get(plain, plain)
        found = next((member for member in choices if member.value == plain), None)
        if found is not None:
            return found
    names = ", ".join(member.value for member in choices)
    raise ConfigurationError(f"{name} {excerpt(value)!r} is not one of {names}")


def media_kind(value: Any) -> MediaType:
    """Return the kind of medium that is asked for.

    Raises:
        ConfigurationError: It is none that can be made.
    """
    if isinstance(value, str) and value in MADE:
        return MediaType(value)
    names = ", ".join(kind.value for kind in MADE)
    raise ConfigurationError(f"mode {excerpt(value)!r} is not one of {names}")
