"""Answers of real models, sent back in the next request: what the server wants to see again is there."""

import json
from typing import Any

import pytest

from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.stream_chunk.formatter import OpenAIChatFormatter
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason
from massgen_stream.wire import decoder

from .sdk import sdk_messages, without_extensions

API = "openai.chat"

EXPECTED_LOSSES = {
    "order of parts changed",
    "arguments wrapped",
    "id shortened",
    "server_tool_call dropped",
    "tool_result dropped",
    "reasoning_content joined with what was before",
}

pytestmark = pytest.mark.skipif(not available(API), reason=skip_reason(API))


def answers() -> list[Any]:
    found = (one for one in recordings(API) if one.meta["kind"] == "stream")
    return [pytest.param(one, id=one.name) for one in found]


def message_of(recording: Recording) -> dict[str, Any]:
    found, decode = Accumulator(), decoder(API)
    for chunk in [*decode.feed(recording.body), *decode.close()]:
        found.feed(chunk)
    return found.message()


def details_sent(recording: Recording) -> list[dict[str, Any]]:
    """The `reasoning_details` of choice 0, as they came."""
    found: list[dict[str, Any]] = []
    for line in recording.body.splitlines():
        try:
            event = json.loads(line.removeprefix(b"data:"))
        except ValueError:
            continue
        for choice in event.get("choices") or () if isinstance(event, dict) else ():
            if choice.get("index", 0) == 0:
                found += (choice.get("delta") or {}).get("reasoning_details") or []
    return found


@pytest.mark.parametrize("recording", answers())
def test_answers_go_back(recording: Recording) -> None:
    message = message_of(recording)
    formatter = OpenAIChatFormatter(reasoning_field="reasoning_content")
    (sent,), losses = formatter.format_messages([message])
    calls = [call for call in sent.get("tool_calls", ()) if call["type"] == "function"]
    said = [part for part in message["content"] if part["type"] == "tool_call" and part["kind"] == "function"]
    assert [call["function"]["name"] for call in calls] == [part["name"] for part in said]
    for call, part in zip(calls, said, strict=True):
        wrapped = json.dumps({"invalid_arguments": part["arguments"]}, ensure_ascii=False)
        assert call["function"]["arguments"] in (part["arguments"] or "{}", wrapped)
        assert isinstance(json.loads(call["function"]["arguments"]), dict)
    texts = "".join(part["text"] for part in message["content"] if part["type"] == "text")
    assert _text(sent.get("content")) == texts.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    sdk_messages(without_extensions([sent], frozenset()))
    assert {loss.what for loss in losses} <= EXPECTED_LOSSES
    (parsed,) = formatter.parse_messages([sent])
    assert formatter.format_messages([parsed])[0] == [sent]


@pytest.mark.parametrize("recording", answers())
def test_reasoning_details_go_back_whole(recording: Recording) -> None:
    came = details_sent(recording)
    (sent,), _ = OpenAIChatFormatter().format_messages([message_of(recording)])
    went = sent.get("reasoning_details", [])
    for key in ("text", "summary", "data", "signature"):
        assert "".join(item.get(key) or "" for item in went) == "".join(item.get(key) or "" for item in came)
    assert len(went) <= len({(item["type"], item.get("index"), item.get("id")) for item in came}) or not came


def _text(content: Any) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    return "".join(part["text"] for part in content if part["type"] == "text")
