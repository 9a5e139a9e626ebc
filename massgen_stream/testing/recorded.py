"""Real vendor responses, recorded, beside the facts that they must produce: the one door to them.

The recordings are data of other projects and not part of this one. They are looked for in the folder that the
environment variable `MASSGEN_STREAM_RECORDINGS` names; without it, in ``shared/recordings`` beside the project's root
or beside any folder above it. Nothing is read before it is asked for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast

from ..wire import PROTOCOLS

LOCATION: Final = "MASSGEN_STREAM_RECORDINGS"
"""The environment variable that names the folder."""

_AUDIO: Final = tuple(
    f"{host}.audio" for host in ("openai", "deepgram", "elevenlabs", "mistral", "openrouter", "venice")
)

READ_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "openai.images": ("openai.images", "openrouter.images", "xai.images"),
    "openai.speech": _AUDIO,
    "openai.transcription": _AUDIO,
    "elevenlabs.sound": ("elevenlabs.audio",),
}
"""Media APIs by the wire protocol whose decoder reads them; any other protocol reads the API of its own name."""

DOCUMENTS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "google.generate_content": ("google.image", "google.tts"),
    "openai.chat": ("openai.chat_audio", "openrouter.images"),
    "openai.responses": ("openai.responses_image",),
}
"""Media APIs by the wire protocol whose event stream says their documents again, by `massgen_stream.wire.documents`."""

_HEAD_BYTES: Final = 4096
_SOUND_TYPES: Final = ("audio/", "application/octet-stream")
_SPOKEN: Final = (b"speech.audio.", b'"audio_data"')
_DETAILED: Final = (b'"audio_base64"', b"audio_chunk")
_SPEAKING: Final = ("/speak", "/audio/speech", "/text-to-speech/", "/sound-generation")

_PROJECT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Recording:
    """One recorded response, or one polled sequence of them.

    Attributes:
        api: The wire protocol or media API, such as ``openai.chat``.
        folder: Where its files are.
    """

    api: str
    folder: Path

    @property
    def name(self) -> str:
        """The recording's name, unique within its API."""
        return self.folder.name

    @cached_property
    def meta(self) -> dict[str, Any]:
        """Where it comes from: `provider`, `kind` (stream, unary, sequence, http-error), `status`, `features`."""
        return cast("dict[str, Any]", self._json("meta.json"))

    @cached_property
    def expect(self) -> dict[str, Any]:
        """What an independent reader found in it: `text`, `tool_calls`, `usage`, `error` and more."""
        return cast("dict[str, Any]", self._json("expect.json"))

    @cached_property
    def request(self) -> dict[str, Any] | None:
        """The request's JSON, where it was recorded."""
        return cast("dict[str, Any] | None", self._json("request.json", optional=True))

    @cached_property
    def bodies(self) -> list[bytes]:
        """Every response body, in order; one unless `meta` says ``sequence``."""
        single = self.folder / "response.body"
        paths = [single] if single.exists() else sorted(self.folder.glob("response-*.body"), key=_number)
        return [path.read_bytes() for path in paths]

    @property
    def body(self) -> bytes:
        """The first response body."""
        return self.bodies[0]

    @cached_property
    def reads(self) -> list[int] | None:
        """Byte lengths of the network reads in order, where they were recorded."""
        chunks = self._json("chunks.json", optional=True)
        return None if chunks is None else cast("list[int]", chunks["sizes"])

    def _json(self, name: str, *, optional: bool = False) -> Any:
        path = self.folder / name
        return None if optional and not path.exists() else json.loads(path.read_bytes())

    def __repr__(self) -> str:
        return f"Recording({self.api}/{self.name})"


def folder() -> Path | None:
    """Return the folder of all recordings; None when there is none."""
    if named := os.environ.get(LOCATION):
        places = [Path(named)]
    else:
        places = [above / "shared" / "recordings" for above in _PROJECT.parents]
    return next((place for place in places if place.is_dir()), None)


def available(api: str) -> bool:
    """Return whether there is a recording of *api*."""
    return bool(_folders(api))


def recordings(api: str) -> list[Recording]:
    """Return every recording of *api* by name; an empty list when there is none."""
    return [Recording(api, path) for path in _folders(api)]


def witnesses(protocol: str) -> list[Recording]:
    """Return every recording that the decoder of *protocol* reads as it is; see `reads`."""
    found = [one for api in READ_BY.get(protocol, (protocol,)) for one in recordings(api)]
    return [one for one in found if reads(protocol, one)]


def reads(protocol: str, recording: Recording) -> bool:
    """Return whether the decoder of *protocol* reads a recording: an API of media may have several endpoints."""
    if protocol not in readers(recording.api):
        return False
    if recording.api in _AUDIO:
        return _endpoint_of_audio(recording) == protocol
    is_chat = str(recording.meta.get("url_path") or "").endswith("/chat/completions")
    return recording.api != "openrouter.images" or is_chat is (protocol == "openai.chat")


def readers(api: str) -> list[str]:
    """Return the wire protocols whose decoders read the recordings of *api*, of media or of text; none reads some."""
    named = [protocol for table in (READ_BY, DOCUMENTS_OF) for protocol, apis in table.items() if api in apis]
    return sorted(named) or ([api] if api in PROTOCOLS else [])


def skip_reason(api: str) -> str:
    """Return why a test of *api* is skipped, and what would make it run; empty when `available`."""
    if available(api):
        return ""
    if (place := folder()) is not None:
        return f"no recordings of {api} in {place}"
    named = os.environ.get(LOCATION)
    where = f"{LOCATION}={named} is no folder" if named else f"{LOCATION} is not set, and no shared/recordings is near"
    return f"no recordings of {api}: {where}; set it to the folder that holds {api}/"


def _folders(api: str) -> list[Path]:
    place = folder()
    found = (place / api).glob("*/meta.json") if place else ()
    return sorted(path.parent for path in found)


def _endpoint_of_audio(recording: Recording) -> str:
    """Return the protocol of an answer of an audio API: sound, sound with details, else a transcript."""
    head, path = recording.body[:_HEAD_BYTES], str(recording.meta.get("url_path") or "")
    if any(word in head for word in _DETAILED):
        return "elevenlabs.sound"
    is_sound = str(recording.meta.get("content_type")).startswith(_SOUND_TYPES) or any(one in head for one in _SPOKEN)
    is_refused = recording.meta["kind"] == "http-error" and any(one in path for one in _SPEAKING)
    return "openai.speech" if is_sound or is_refused else "openai.transcription"


def _number(path: Path) -> int:
    return int(path.stem.removeprefix("response-"))
