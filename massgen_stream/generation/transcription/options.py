"""Options of a transcription: checked at the call, as the vendor documents them, and put into fields of its form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from ...backend.parameters import refuse_formless, refuse_misplaced, transport_of
from ...errors import ConfigurationError, excerpt
from ...wire.openai_transcription.decoder import FORMATS
from .hosts import TranscriptionHost

Data = dict[str, Any]
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_GRANULARITIES: Final = ("word", "segment")
_VAD: Final = frozenset(("type", "prefix_padding_ms", "silence_duration_ms", "threshold"))
_MOST_SPEAKERS: Final = 4
_NO_FIELDS: Final = frozenset(("extra_headers", "extra_query", "extra_body", "stream"))
_OF_SDK: Final = frozenset((
    "chunking_strategy", "include", "keywords", "known_speaker_names", "known_speaker_references", "language",
    "languages", "prompt", "response_format", "temperature", "timestamp_granularities",
))  # fmt: skip


class Wish(NamedTuple):
    """What is asked for besides the recording.

    Attributes:
        model: Model id.
        fields: Arguments of the SDK's method.
        more: Fields that the SDK does not know.
        transport: ``extra_headers`` and ``extra_query``.
        chosen: Why it is this model and not the host's usual one; None where that needs no word.
    """

    model: str
    fields: Data
    more: Data
    transport: Data
    chosen: str | None

    @property
    def response_format(self) -> str | None:
        """What the answer shall be."""
        form: str | None = self.fields.get("response_format")
        return form


def wish_of(host: TranscriptionHost, model: Any, options: Mapping[str, Any]) -> Wish:
    """Return what *options* ask for; None asks for nothing.

    Args:
        host: Who does it.
        model: None: the host's own, or the one that it has for the format.
        options: ``speakers=True`` for who speaks, ``words=True`` for times of words; ``prompt``, ``keywords``,
            ``language`` or ``languages``, ``temperature``, ``response_format``, ``timestamp_granularities``,
            ``chunking_strategy``, ``include``, ``known_speaker_names`` with ``known_speaker_references`` (anything
            that `MediaSource.of` takes); whatever else there is goes to the vendor as it is.

    Raises:
        ConfigurationError: Something cannot be, or the model is known not to do it.
    """
    refuse_misplaced(options)
    fields = {name: value for name, value in options.items() if value is not None and name not in _NO_FIELDS}
    _take_shortcuts(fields)
    for name, check in _CHECKS.items():
        if name in fields:
            fields[name] = check(name, fields[name])
    _check_together(fields)
    form = fields.get("response_format")
    found = named_model(model) or host.model_for(form)
    _check_model(host, found, fields)
    if found.startswith("gpt-4o-transcribe-diarize"):  # refuses more than 30 seconds without it
        fields.setdefault("chunking_strategy", "auto")
    more = {name: fields.pop(name) for name in list(fields) if name not in _OF_SDK} | dict(
        options.get("extra_body") or {}
    )
    refuse_formless({**{name: value for name, value in fields.items() if not name.endswith("references")}, **more})
    usual = found in (model, host.default_model)
    chosen = None if usual else f"{found} does it: {host.default_model} is not known to answer in {form}"
    return Wish(found, fields, more, transport_of(options), chosen)


def named_model(model: Any) -> str | None:
    """Return the id of a model; None where none is named.

    Raises:
        ConfigurationError: It is no id.
    """
    if model is not None and (not isinstance(model, str) or not model):
        raise ConfigurationError(f"model must be the id of a model, not {model!r}")
    found: str | None = model
    return found


def _take_shortcuts(fields: Data) -> None:
    speakers, words = (flag(fields, name) for name in ("speakers", "words"))
    if speakers and words:
        raise ConfigurationError("speakers and words come in different formats; ask for one of them")
    if speakers:
        _imply(fields, "speakers", "diarized_json")
    if words:
        fields.setdefault("timestamp_granularities", list(_GRANULARITIES))
    if fields.get("timestamp_granularities") is not None:
        _imply(fields, "words" if words else "timestamp_granularities", "verbose_json")


def flag(fields: Data, name: str) -> bool:
    """Return a switch, and take it out of *fields*; false where it is missing.

    Raises:
        ConfigurationError: It is none.
    """
    value = fields.pop(name, False)
    if not isinstance(value, bool):
        raise ConfigurationError(f"{name} must be true or false, not {excerpt(value)!r}")
    return value


def _imply(fields: Data, name: str, form: str) -> None:
    if fields.setdefault("response_format", form) != form:
        raise ConfigurationError(f"{name} needs response_format {form!r}; leave response_format out")


def _check_together(fields: Data) -> None:
    if "language" in fields and "languages" in fields:
        raise ConfigurationError("language and languages are both given; put one language, or several, into one")
    names, samples = fields.get("known_speaker_names"), fields.get("known_speaker_references")
    if (names is None) != (samples is None) or len(names or ()) != len(samples or ()):
        raise ConfigurationError("known_speaker_names and known_speaker_references belong together, one for one")
    if len(names or ()) > _MOST_SPEAKERS:
        raise ConfigurationError(f"known_speaker_names holds {len(names or ())} speakers; at most {_MOST_SPEAKERS}")
    if fields.get("include") and fields.get("response_format", "json") != "json":
        raise ConfigurationError("include logprobs needs response_format 'json'; leave response_format out")


def _check_model(host: TranscriptionHost, model: str, fields: Data) -> None:
    rule, form = host.rule(model), fields.get("response_format")
    for name in rule.refuses:
        if name in fields:
            raise ConfigurationError(f"model {model} does not take {name}; leave it out, or use another model")
    if form is not None and rule.formats is not None and form not in rule.formats:
        usable = ", ".join(rule.formats)
        raise ConfigurationError(f"model {model} has no response_format {form!r}; it has: {usable}")


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ConfigurationError(f"{name} must be a text, not {type(value).__name__}")
    return value


def phrases(name: str, value: object) -> list[str]:
    """Return a list of texts; one text alone is one.

    Raises:
        ConfigurationError: It is none.
    """
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not texts or not all(isinstance(text, str) and text for text in texts):
        raise ConfigurationError(f"{name} must be a list of texts, not {excerpt(value)!r}")
    return list(texts)


def languages(name: str, value: object) -> list[str]:
    """Return a list of codes of languages.

    Raises:
        ConfigurationError: One is none.
    """
    return [language_code(name, one) for one in phrases(name, value)]


def language_code(name: str, value: object) -> str:
    """Return the code of a language.

    Raises:
        ConfigurationError: It is none.
    """
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise ConfigurationError(f"{name} must be a code such as 'en' (ISO 639-1), not {excerpt(value)!r}")
    return value


def _format(name: str, value: object) -> str:
    return _among(name, value, FORMATS)


def _among(name: str, value: object, known: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in known:
        raise ConfigurationError(f"{name} must be one of {', '.join(known)}, not {excerpt(value)!r}")
    return value


def temperature(name: str, value: object, most: float = 1) -> float:
    """Return a number from 0 to *most*.

    Raises:
        ConfigurationError: It is none.
    """
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= most:
        raise ConfigurationError(f"{name} must be a number from 0 to {most:g}, not {excerpt(value)!r}")
    return value


def _chunking(name: str, value: object) -> str | Data:
    if value == "auto":
        return "auto"
    if not isinstance(value, Mapping) or value.get("type") != "server_vad" or not value.keys() <= _VAD:
        usable = ", ".join(sorted(_VAD - {"type"}))
        raise ConfigurationError(f"{name} must be 'auto', or {{'type': 'server_vad'}} with any of {usable}")
    return dict(value)


def _samples(name: str, value: object) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise ConfigurationError(f"{name} must be a list of recordings, not {type(value).__name__}")
    return list(value)


_CHECKS: Final[Mapping[str, Callable[[str, Any], Any]]] = {
    "prompt": _text,
    "keywords": phrases,
    "language": language_code,
    "languages": languages,
    "response_format": _format,
    "temperature": temperature,
    "timestamp_granularities": lambda name, value: [_among(name, one, _GRANULARITIES) for one in phrases(name, value)],
    "include": lambda name, value: [_among(name, one, ("logprobs",)) for one in phrases(name, value)],
    "chunking_strategy": _chunking,
    "known_speaker_names": phrases,
    "known_speaker_references": _samples,
}
