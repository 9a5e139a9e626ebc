"""Hosts that write down what is said, as data."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Final

import msgspec

from ...errors import ConfigurationError
from ...provider.discovery import get_provider
from ...provider.elevenlabs import HOST
from ...provider.spec import MIB, ProviderSpec

_COMING: Final = (
    "will be shut down on 2027-02-26; gpt-transcribe is the current one, "
    "see https://developers.openai.com/api/docs/deprecations"
)
_WORDS: Final = ("keywords", "languages")
_NAMED_SPEAKERS: Final = ("known_speaker_names", "known_speaker_references")


class ModelRule(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a model.

    Attributes:
        formats: Values of ``response_format`` that it has; None: nothing is stated.
        refuses: Options that it does not take.
    """

    formats: tuple[str, ...] | None = None
    refuses: tuple[str, ...] = ()


class TranscriptionHost(msgspec.Struct, frozen=True, kw_only=True):
    """One host.

    Attributes:
        engine: Who asks it: ``module:class`` of an `Engine`, the module relative to this package.
        default_model: Its usual model.
        spec: The provider, where it is none of chat; None: the one of its name.
        by_format: Models for answers that the usual one is not known to give, by ``response_format``.
        rules: What is known of models, by pattern; the first that fits counts.
        retired: What is known of the end of models, by pattern.
        max_bytes: Largest file.
    """

    default_model: str
    engine: str = ".openai:OpenAITranscription"
    spec: ProviderSpec | None = None
    by_format: Mapping[str, str] = MappingProxyType({})
    rules: Mapping[str, ModelRule] = MappingProxyType({})
    retired: Mapping[str, str] = MappingProxyType({})
    max_bytes: int = 25 * MIB

    def model_for(self, response_format: str | None) -> str:
        """Return the model for an answer of a format."""
        return self.by_format.get(response_format or "", self.default_model)

    def rule(self, model: str) -> ModelRule:
        """Return what is known of a model."""
        return next((rule for pattern, rule in self.rules.items() if fnmatchcase(model, pattern)), ModelRule())

    def retirement(self, model: str) -> str | None:
        """Return what is known of the end of a model; None while there is none in sight."""
        return next((why for pattern, why in self.retired.items() if fnmatchcase(model, pattern)), None)


# What the openai SDK 3.51 says of the parameters of `audio.transcriptions.create`, and for the size of a file
# https://developers.openai.com/api/docs/guides/speech-to-text. Formats of gpt-transcribe are not stated there.
_OPENAI: Final = TranscriptionHost(
    default_model="gpt-transcribe",
    by_format={
        "diarized_json": "gpt-4o-transcribe-diarize",
        **dict.fromkeys(("verbose_json", "srt", "vtt"), "whisper-1"),
    },
    rules={
        "gpt-4o-transcribe-diarize*": ModelRule(
            formats=("json", "text", "diarized_json"),
            refuses=("prompt", "include", "timestamp_granularities", *_WORDS),
        ),
        "gpt-4o*-transcribe*": ModelRule(formats=("json",), refuses=(*_WORDS, *_NAMED_SPEAKERS)),
        "whisper-1": ModelRule(
            formats=("json", "text", "srt", "verbose_json", "vtt"), refuses=("include", *_WORDS, *_NAMED_SPEAKERS)
        ),
        "gpt-transcribe*": ModelRule(refuses=("include",)),
    },
    retired=dict.fromkeys(("whisper-1", "gpt-4o-transcribe*", "gpt-4o-mini-transcribe*"), _COMING),
)

TRANSCRIPTION_HOSTS: Final[Mapping[str, TranscriptionHost]] = MappingProxyType(
    {
        "openai": _OPENAI,
        "chatcompletion": _OPENAI,
        "simulator": TranscriptionHost(default_model="simulator"),
        # elevenlabs 2.78, speech_to_text.convert, and its "less than 2GB"
        "elevenlabs": TranscriptionHost(
            default_model="scribe_v2",
            engine=".elevenlabs:ElevenLabsTranscription",
            spec=HOST,
            retired={"scribe_v1": "outdated; use scribe_v2"},
            max_bytes=2 * 10**9,
        ),
        # https://ai.google.dev/gemini-api/docs/generate-content/transcribe
        "gemini": TranscriptionHost(default_model="gemini-3.5-transcribe", engine=".gemini:GeminiTranscription"),
    }
)
"""By the name of the provider. ``chatcompletion`` is any server that has OpenAI's endpoint."""


_BY_THEMSELVES: Final = ("openai", "elevenlabs", "gemini")
"""Taken without being named, the first one whose key is set."""


def open_provider(environ: Mapping[str, str]) -> str | None:
    """Return who is taken without being named: the first one that *environ* opens; None: nobody."""
    return next((name for name in _BY_THEMSELVES if _is_open(_spec_of(name), environ)), None)


def host_of(
    provider: str | None, base_url: str | None, environ: Mapping[str, str]
) -> tuple[ProviderSpec, TranscriptionHost]:
    """Return who does it: the one that is named, else the server at the address, else the first whose key is set.

    Raises:
        UnknownProvider: There is no provider of that name.
        ConfigurationError: It transcribes nothing.
    """
    usual = (open_provider(environ) or "openai") if base_url is None else "chatcompletion"
    name = provider if provider is not None else usual
    spec, host = _spec_of(name), TRANSCRIPTION_HOSTS.get(name)
    if host is None:
        known = ", ".join(TRANSCRIPTION_HOSTS)
        raise ConfigurationError(f"provider {spec.name!r} transcribes nothing here; use one of {known}")
    return spec, host


def _spec_of(name: str) -> ProviderSpec:
    host = TRANSCRIPTION_HOSTS.get(name)
    return host.spec if host is not None and host.spec is not None else get_provider(name)


def _is_open(spec: ProviderSpec, environ: Mapping[str, str]) -> bool:
    return spec.api_key(environ) is not None or spec.address(environ) != spec.base_url
