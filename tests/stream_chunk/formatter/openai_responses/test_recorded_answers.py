"""Answers of real models, sent back in the next request: what the server wants to see again is there, as it came."""

import json
from base64 import b64decode
from typing import Any

import pytest

from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.stream_chunk.formatter import ResponsesFormatter
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason
from massgen_stream.wire import decoder

API = "openai.responses"
FORMATTER = ResponsesFormatter()
OURS = frozenset(("message", "function_call", "custom_tool_call"))
"""Items that are put together again; all others go back as they came."""

pytestmark = pytest.mark.skipif(not available(API), reason=skip_reason(API))


def answers() -> list[Any]:
    found = [one for api in (API, "openai.responses_image") for one in recordings(api)]
    return [pytest.param(one, id=one.name) for one in found if one.meta["kind"] == "stream"]


def message_of(recording: Recording) -> dict[str, Any]:
    found, decode = Accumulator(), decoder(API)
    for chunk in [*decode.feed(recording.body), *decode.close()]:
        found.feed(chunk)
    return found.message()


def items_done(recording: Recording) -> list[dict[str, Any]]:
    """The items that the stream told whole."""
    found = []
    for line in recording.body.splitlines():
        try:
            event = json.loads(line.removeprefix(b"data:"))
        except ValueError:
            continue
        if isinstance(event, dict) and event.get("type") == "response.output_item.done":
            found.append(event["item"])
    return found


def read(item: dict[str, Any]) -> dict[str, Any]:
    """An item whose picture is bytes: padding is written in several ways."""
    picture = item.get("result") if item["type"] == "image_generation_call" else None
    return {**item, "result": b64decode(picture + "==")} if isinstance(picture, str) else item


def named(items: list[dict[str, Any]]) -> list[Any]:
    """The calls among items, with all that tells them apart."""
    keys = ("call_id", "name", "id", "namespace")
    kinds = ("function_call", "custom_tool_call")
    return [[item.get(key) for key in keys] for item in items if item.get("type") in kinds]


@pytest.mark.parametrize("recording", answers())
def test_answers_go_back(recording: Recording) -> None:
    message = message_of(recording)
    sent, losses = FORMATTER.format_messages([message])
    assert {loss.what for loss in losses} <= {"arguments wrapped"}
    came = items_done(recording)
    kept = [read(item) for item in came if item["type"] not in OURS]
    assert [read(item) for item in sent if item.get("type", "message") not in OURS] == kept
    if recording.expect["terminal"] and named(came):
        assert named(sent) == named(came)
    assert FORMATTER.format_messages(FORMATTER.parse_messages(sent))[0] == sent


@pytest.mark.parametrize("recording", answers())
def test_messages_go_back_with_id_and_phase(recording: Recording) -> None:
    sent, _ = FORMATTER.format_messages([message_of(recording)])
    texts = [part for item in sent if item.get("role") == "assistant" for part in content_of(item)]
    assert "".join(texts) == recording.expect["text"] + (recording.expect.get("refusal") or "")
    came = [item for item in items_done(recording) if item["type"] == "message" and item["content"]]
    if all(str(item.get("id")).startswith("msg") for item in came) and recording.meta["provider"] == "openai":
        went = [item for item in sent if item.get("role") == "assistant"]
        assert [(item.get("id"), item.get("phase")) for item in went][: len(came)] == [
            (item["id"], item.get("phase")) for item in came if "".join(content_of(item))
        ]


def content_of(item: dict[str, Any]) -> list[str]:
    content = item["content"]
    parts = [{"text": content}] if isinstance(content, str) else content
    return [part.get("text", part.get("refusal", "")) for part in parts]
