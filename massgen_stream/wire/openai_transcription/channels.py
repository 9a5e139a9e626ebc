"""Transcripts that come by channel: Deepgram's ``results`` and ElevenLabs' ``transcripts``, as one transcript.

https://developers.deepgram.com/docs/pre-recorded-audio (``results.channels[].alternatives[]``, ``results.utterances``,
``metadata.duration``) and elevenlabs 2.78, `MultichannelSpeechToTextResponseModel`. Of several alternatives the first
counts; the texts of channels stand on lines of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

Data = dict[str, Any]


def flat(doc: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return *doc* with the text, words, segments, languages and duration of its channels; itself if it has none."""
    found = _results(doc) or _transcripts(doc)
    return doc if found is None else {**doc, **found}


def is_by_channel(doc: Mapping[str, Any]) -> bool:
    """Return whether a document is a transcript by channel."""
    return flat(doc) is not doc


def _results(doc: Mapping[str, Any]) -> Data | None:
    results = doc.get("results")
    if not isinstance(results, dict) or not isinstance(results.get("channels"), list):
        return None
    channels = _objects(results["channels"])
    heard = [next(iter(_objects(channel.get("alternatives"))), {}) for channel in channels]
    metadata = doc.get("metadata")
    return {
        "text": _lines(one.get("transcript") for one in heard),
        "words": _all_of(heard, "words"),
        "segments": _objects(results.get("utterances")),
        "languages": _once([*(one.get("detected_language") for one in channels), *_all_of(heard, "languages")]),
        "duration": metadata.get("duration") if isinstance(metadata, dict) else None,
    }


def _transcripts(doc: Mapping[str, Any]) -> Data | None:
    if not isinstance(doc.get("transcripts"), list):
        return None
    heard = _objects(doc["transcripts"])
    return {
        "text": _lines(one.get("text") for one in heard),
        "words": _all_of(heard, "words"),
        "languages": _once(one.get("language_code") for one in heard),
    }


def _objects(items: object) -> list[Data]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _all_of(heard: Iterable[Data], name: str) -> list[Any]:
    return list(chain.from_iterable(found for one in heard if isinstance(found := one.get(name), list)))


def _lines(texts: Iterable[object]) -> str:
    return "\n".join(text for text in texts if isinstance(text, str) and text)


def _once(names: Iterable[object]) -> list[str]:
    return list(dict.fromkeys(name for name in names if isinstance(name, str) and name))
