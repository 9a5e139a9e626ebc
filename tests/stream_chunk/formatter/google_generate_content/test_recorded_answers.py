"""Answers of real models, sent back in the next request: what Google wants to see again is there, byte for byte."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.stream_chunk.formatter import GenerateContentFormatter
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason
from massgen_stream.wire import decoder

from .sdk import sdk_payload

API = "google.generate_content"
FORMATTER = GenerateContentFormatter()

pytestmark = pytest.mark.skipif(not available(API), reason=skip_reason(API))


def answers() -> list[Any]:
    found = (one for one in recordings(API) if one.meta["kind"] == "stream")
    return [pytest.param(one, id=one.name) for one in found]


def message_of(recording: Recording) -> dict[str, Any]:
    found, decode = Accumulator(), decoder(API)
    for chunk in [*decode.feed(recording.body), *decode.close()]:
        found.feed(chunk)
    return found.message()


def parts_that_came(recording: Recording) -> Iterator[dict[str, Any]]:
    """The parts of candidate 0, as they came."""
    for line in recording.body.splitlines():
        try:
            event = json.loads(line.removeprefix(b"data:"))
        except ValueError:
            continue
        for candidate in event.get("candidates") or () if isinstance(event, dict) else ():
            if candidate.get("index", 0) == 0:
                yield from (candidate.get("content") or {}).get("parts") or ()


def joined(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Parts as they may go back: text of one kind that nothing belongs to is joined, and what says nothing is gone."""
    found: list[dict[str, Any]] = []
    for given in parts:
        part = {name: value for name, value in given.items() if value not in (None, False, {})}
        part.pop("text", None) if part.get("text") == "" and set(part) <= {"text", "thought"} else None
        if not part or set(part) == {"thought"}:
            continue
        plain = set(part) <= {"text", "thought"}
        if plain and found and set(found[-1]) == set(part):
            found[-1] = {**part, "text": found[-1]["text"] + part["text"]}
        else:
            found.append(part)
    return found


def streamed(part: dict[str, Any]) -> bool:
    """A piece of something that goes back whole."""
    call, blob = part.get("functionCall") or {}, part.get("inlineData") or {}
    pieces = "partialArgs" in call or "willContinue" in call or ("functionCall" in part and not call.get("name"))
    return pieces or blob.get("mimeType", "").lower().startswith("audio/")


@pytest.mark.parametrize("recording", answers())
def test_answers_go_back(recording: Recording) -> None:
    message = message_of(recording)
    payload, losses = FORMATTER.format_messages([{"role": "user", "content": "a"}, message])
    assert losses == []
    came = list(parts_that_came(recording))
    went = payload.contents[1]["parts"] if len(payload.contents) > 1 else []
    if not any(map(streamed, came)):
        expected = [
            {**p, "functionCall": {"args": {}, **p["functionCall"]}} if "functionCall" in p else p for p in came
        ]
        said = [{name: value for name, value in part.items() if name != "media_id"} for part in went]
        assert _without_empty_args(joined(said)) == _without_empty_args(joined(expected))
    signatures = [part["thoughtSignature"] for part in came if part.get("thoughtSignature")]
    assert [part["thoughtSignature"] for part in went if "thoughtSignature" in part] == signatures
    sdk_payload(payload)
    again, _ = FORMATTER.format_messages(FORMATTER.parse_messages(payload))
    assert again == payload


def _without_empty_args(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**p, "functionCall": {k: v for k, v in p["functionCall"].items() if v not in ({}, None)}}
        if "functionCall" in p
        else p
        for p in parts
    ]
