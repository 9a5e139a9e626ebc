"""Messages as steps: what each becomes, and what is told of the rest."""

from typing import Any

import pytest

from massgen_stream.errors import InvalidMessage, UnresolvedMedia
from massgen_stream.stream_chunk.formatter import InteractionsFormatter

FORMATTER = InteractionsFormatter()
OWN = "google.interactions"
Message = dict[str, Any]


def formatted(*messages: Message) -> tuple[list[Message], list[str]]:
    """The steps, and what is told of them."""
    payload, losses = FORMATTER.format_messages(messages)
    return payload.input, [loss.what for loss in losses]


def said(*parts: Message) -> tuple[list[Message], list[str]]:
    """The steps of an assistant's message."""
    return formatted({"role": "assistant", "content": list(parts)})


def own(**data: Any) -> Message:
    return {"provider_data": {OWN: data}}


def text(words: str) -> Message:
    return {"type": "text", "text": words}


def test_a_conversation() -> None:
    call = {"type": "tool_call", "id": "c1", "name": "look", "arguments": '{"a": 1}', **own(signature="s")}
    steps, losses = formatted(
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": [text("Let me see."), call]},
        {"role": "tool", "tool_call_id": "c1", "content": "7 degrees"},
    )
    assert (losses, steps) == ([], [
        {"type": "user_input", "content": [text("Hi")]},
        {"type": "model_output", "content": [text("Let me see.")]},
        {"type": "function_call", "id": "c1", "name": "look", "arguments": {"a": 1}, "signature": "s"},
        {"type": "function_result", "call_id": "c1", "name": "look", "result": "7 degrees"},
    ])  # fmt: skip


def test_several_system_messages_are_one_instruction() -> None:
    payload, losses = FORMATTER.format_messages([
        {"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"},
        {"role": "system", "content": [text("Be kind."), {"type": "image", "url": "https://x"}]},
    ])  # fmt: skip
    assert payload.system_instruction == "Be brief.\n\nBe kind."
    assert [loss.what for loss in losses] == ["moved to the front", "image dropped"]


def test_text_and_media_of_one_message_are_one_step() -> None:
    image = {"type": "image", "base64": "iVBORw0KGgo=", "mime_type": "image/png", **own(resolution="high")}
    steps, losses = said(text("a"), image, text("b"))
    content = {"type": "image", "data": "iVBORw0KGgo=", "mime_type": "image/png", "resolution": "high"}
    assert (losses, steps) == ([], [{"type": "model_output", "content": [text("a"), content, text("b")]}])
    two, _ = formatted({"role": "assistant", "content": "a"}, {"role": "assistant", "content": "b"})
    assert len(two) == 2


def test_thoughts_go_back_with_their_signature_and_drawings() -> None:
    thought = {"type": "reasoning", "text": "", "summary": ["One.", "Two."], **own(signature="s")}
    drawn = {"type": "image", "url": "https://i", "mime_type": "image/png", **own(thought="t-0")}
    image = {"type": "image", "uri": "https://i", "mime_type": "image/png"}
    steps, losses = said(thought, drawn, text("So."))
    summary = [text("One."), text("Two."), image]
    assert losses == []
    assert steps[0] == {"type": "thought", "summary": summary, "signature": "s"}
    assert said(drawn) == ([{"type": "thought", "summary": [image]}], [])


def test_reasoning_of_others_stays_behind() -> None:
    foreign = {"type": "reasoning", "text": "Hm", "provider_data": {"anthropic.messages": {"signature": "s"}}}
    losses = ["provider_data of anthropic.messages dropped", "reasoning dropped"]
    assert said(foreign, text("So.")) == ([{"type": "model_output", "content": [text("So.")]}], losses)
    assert said({"type": "reasoning", "text": ""}) == ([], ["reasoning dropped", "message dropped"])


def test_what_google_ran_goes_back_as_it_came_and_what_others_ran_does_not() -> None:
    step = {"type": "google_search_call", "id": "s", "arguments": {"queries": ["x"]}, "signature": "sig"}
    call = {"type": "server_tool_call", "tool_call_id": "s", "tool_name": "google_search"}
    assert said({**call, **own(step=step)}) == ([step], [])
    assert said(call) == ([], ["server_tool_call dropped", "message dropped"])


def test_steps_that_nobody_knows_go_back_as_they_came() -> None:
    step = {"type": "a_new_step", "value": [1]}
    assert said({**text(""), **own(step=step)}) == ([step], [])
    assert said({**text(""), **own(step=step, deltas=[{"type": "x"}])}) == ([step], ["deltas dropped"])


@pytest.mark.parametrize(
    ("call", "arguments", "told"),
    [({"arguments": "[1]"}, {"invalid_arguments": "[1]"}, "arguments wrapped"),
     ({"arguments": '{"a":'}, {"invalid_arguments": '{"a":'}, "arguments wrapped"),
     ({"arguments": '{"a":NaN}'}, {"invalid_arguments": '{"a":NaN}'}, "arguments wrapped"),
     ({"arguments": "ls", "kind": "custom"}, {"input": "ls"}, "text wrapped as argument `input`")],
)  # fmt: skip
def test_arguments_are_an_object(call: Message, arguments: Message, told: str) -> None:
    steps, losses = said({"type": "tool_call", "id": "c", "name": "f", **call})
    assert (steps[0]["arguments"], losses) == (arguments, [told])


def test_answers_hold_media_and_errors() -> None:
    image = {"type": "image", "base64": "iVBORw0KGgo=", "mime_type": "image/png"}
    steps, losses = formatted(
        {"role": "assistant", "content": [{"type": "tool_call", "id": "c", "name": "f", "arguments": "{}"}]},
        {"role": "tool", "tool_call_id": "c", "content": [text("see"), image], "is_error": True},
    )
    content = {"type": "image", "data": "iVBORw0KGgo=", "mime_type": "image/png"}
    assert losses == []
    assert steps[-1] == {
        "type": "function_result", "call_id": "c", "name": "f", "result": [text("see"), content], "is_error": True,
    }  # fmt: skip


def test_a_file_is_a_document_and_its_name_is_lost() -> None:
    part = {"type": "file", "base64": "YQ==", "mime_type": "application/zip", "filename": "a.zip"}
    steps, losses = formatted({"role": "user", "content": [part], "name": "Ann"})
    assert steps[0]["content"] == [{"type": "document", "data": "YQ==", "mime_type": "application/zip"}]
    assert losses == ["name dropped", "filename dropped"]


def test_what_google_cannot_fetch_must_be_resolved_first() -> None:
    with pytest.raises(UnresolvedMedia):
        formatted({"role": "user", "content": [{"type": "image", "path": "a.png"}]})


def test_a_refusal_is_text() -> None:
    assert said({"type": "refusal", "text": "No."}) == (
        [{"type": "model_output", "content": [text("No.")]}], ["refusal sent as text"],
    )  # fmt: skip


def test_the_name_of_the_protocol_owns_an_object() -> None:
    with pytest.raises(InvalidMessage, match="must be an object"):
        formatted({"role": "user", "content": "x", "provider_data": {OWN: 5}})
