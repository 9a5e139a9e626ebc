from typing import Any

from massgen_stream.stream_chunk.formatter import Loss, OpenAIChatFormatter

from ..places import told

IMAGE = {"type": "image", "url": "https://x.y/z"}
WIRE_IMAGE = {"type": "image_url", "image_url": {"url": "https://x.y/z"}}


def sent(*messages: dict[str, Any]) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    payload, losses = OpenAIChatFormatter().format_messages(messages)
    return payload, told(losses)


def answer(call_id: str, content: Any, **more: Any) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": content, **more}


def test_system_and_developer() -> None:
    for role in ("system", "developer"):
        message = {"role": role, "content": "x", "name": "n"}
        assert sent(message) == ([message], [])


def test_a_system_message_holds_only_text() -> None:
    message = {"role": "system", "content": [IMAGE, {"type": "text", "text": "x"}]}
    assert sent(message) == ([{"role": "system", "content": "x"}], [("messages[0].content[0]", "image dropped")])


def test_data_of_a_message_is_sent_and_formatted_fields_stand() -> None:
    data = {"openai.chat": {"cache_control": {"type": "ephemeral"}, "content": "other"}}
    wire = {"role": "user", "content": "x", "cache_control": {"type": "ephemeral"}}
    assert sent({"role": "user", "content": "x", "provider_data": data}) == ([wire], [])
    assert sent({"role": "user", "content": "x", "provider_data": {"grok": {}}}) == (
        [{"role": "user", "content": "x"}],
        [("messages[0]", "provider_data of grok dropped")],
    )


def test_unknown_keys_are_told() -> None:
    message = {"role": "user", "content": "x", "agent": 1, "turn": 2}
    assert sent(message) == ([{"role": "user", "content": "x"}], [("messages[0]", "agent, turn dropped")])


def test_answers() -> None:
    assert sent(answer("c", "42")) == ([answer("c", "42")], [])
    assert sent(answer("c", "no", is_error=True)) == ([answer("c", "no")], [("messages[0]", "is_error dropped")])
    assert sent(answer("c", "x", tool_name="f", is_error=False)) == ([answer("c", "x")], [])


def test_media_of_answers_moves_behind_the_last_answer() -> None:
    looked = answer("c1", [{"type": "text", "text": "seen"}, IMAGE])
    payload, losses = sent(looked, answer("c2", [IMAGE]), answer("c3", "x"), {"role": "user", "content": "and?"})
    assert payload == [
        answer("c1", "seen"),
        answer("c2", "The result follows in the next user message."),
        answer("c3", "x"),
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Result of tool call c1:"},
                WIRE_IMAGE,
                {"type": "text", "text": "Result of tool call c2:"},
                WIRE_IMAGE,
            ],
        },
        {"role": "user", "content": "and?"},
    ]
    moved = "image moved into a user message behind it"
    assert losses == [("messages[0].content[1]", moved), ("messages[1].content[0]", moved)]


def test_media_of_the_last_answer_is_not_forgotten() -> None:
    payload, _ = sent(answer("c1", [IMAGE]))
    assert [message["role"] for message in payload] == ["tool", "user"]


def test_media_that_nobody_takes_is_lost_in_answers_too() -> None:
    video = {"type": "video", "url": "https://x.y/z"}
    assert sent(answer("c1", [video])) == ([answer("c1", "")], [("messages[0].content[0]", "video dropped")])


def test_half_characters_do_not_break_the_request() -> None:
    payload, losses = sent({"role": "user", "content": "a\ud83d"}, {"role": "user", "content": "\ud83d\ude00"})
    assert [message["content"] for message in payload] == ["a\ufffd", "\U0001f600"]
    assert losses == [("messages[0]", "half characters replaced by U+FFFD")]


def test_a_loss_reads_as_one_line() -> None:
    assert str(Loss("messages[0]", "video dropped", "no place")) == "messages[0]: video dropped: no place"
