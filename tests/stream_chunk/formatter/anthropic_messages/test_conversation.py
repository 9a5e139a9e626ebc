from typing import Any

from massgen_stream.stream_chunk.formatter import MessagesFormatter, MessagesPayload

from ..places import told

Data = dict[str, Any]
HELLO = {"role": "user", "content": "hello"}
SAID = {"role": "assistant", "content": "hi"}
BLUE = {"type": "image", "url": "https://e.com/blue.png"}
BLUE_BLOCK = {"type": "image", "source": {"type": "url", "url": "https://e.com/blue.png"}}
EPHEMERAL = {"type": "ephemeral"}


def sent(*messages: Data, **options: Any) -> tuple[MessagesPayload, list[tuple[str, str]]]:
    payload, losses = MessagesFormatter(**options).format_messages(messages)
    return payload, told(losses)


def rows(payload: MessagesPayload) -> list[tuple[str, Any]]:
    return [(one["role"], one["content"]) for one in payload.messages]


def system(text: str) -> Data:
    return {"role": "system", "content": text}


def calling(*ids: str) -> Data:
    return {"role": "assistant", "content": [{"type": "tool_call", "id": name, "name": "f"} for name in ids]}


def uses(*ids: str) -> list[Data]:
    return [{"type": "tool_use", "id": name, "name": "f", "input": {}} for name in ids]


def answer(name: str, content: Any = "42", **more: Any) -> Data:
    return {"role": "tool", "tool_call_id": name, "content": content, **more}


def result(name: str, **more: Any) -> Data:
    return {"type": "tool_result", "tool_use_id": name, "content": "42", **more}


def text(words: str, **more: Any) -> Data:
    return {"type": "text", "text": words, **more}


def test_instructions_in_front_and_between() -> None:
    payload, losses = sent(system("A"), HELLO, system("B"), SAID)
    assert payload.system == "A"
    assert rows(payload) == [("user", "hello"), ("system", "B"), ("assistant", "hi")]
    assert losses == []


def test_several_in_front_are_blocks_of_one_field() -> None:
    payload, losses = sent(system("A"), system("B"), HELLO)
    assert payload.system == [text("A"), text("B")]
    assert losses == [("messages[1]", "joined with the system message before it")]


def test_instructions_stand_behind_what_the_user_says() -> None:
    payload, losses = sent(HELLO, SAID, system("B"), HELLO)
    assert rows(payload)[2:] == [("user", "hello"), ("system", "B")]
    assert losses == [("messages[2]", "system message moved behind the user's")]


def test_without_a_turn_of_the_user_they_are_the_users() -> None:
    payload, losses = sent(HELLO, SAID, system("B"))
    assert rows(payload)[2:] == [("user", "B")]
    assert losses == [("messages[2]", "system message sent as the user's")]


def test_older_models_get_them_in_front() -> None:
    payload, losses = sent(system("A"), HELLO, system("B"), later_system=False)
    assert payload == MessagesPayload([{"role": "user", "content": "hello"}], [text("A"), text("B")])
    assert losses == [("messages[2]", "system message moved to the front")]


def test_instructions_hold_only_text() -> None:
    payload, losses = sent({"role": "system", "content": [text("A"), BLUE]}, HELLO)
    assert payload.system == "A"
    assert losses == [("messages[0].content[1]", "image dropped")]


def test_results_of_a_turn_are_one_message_before_all_else() -> None:
    payload, losses = sent(calling("a", "b"), HELLO, answer("b"), system("B"), answer("a"))
    assert rows(payload) == [
        ("assistant", uses("a", "b")),
        ("user", [result("b"), result("a"), text("hello")]),
        ("system", "B"),
    ]
    assert losses == [("messages[2]", "tool message moved forward"), ("messages[4]", "tool message moved forward")]


def test_what_the_user_says_next_joins_the_results() -> None:
    payload, losses = sent(calling("a"), answer("a"), HELLO, HELLO)
    assert rows(payload)[1:] == [("user", [result("a"), text("hello")]), ("user", "hello")]
    assert losses == []


def test_a_call_without_a_result_gets_one() -> None:
    payload, losses = sent(calling("a", "b"), answer("b"), SAID)
    made = {"type": "tool_result", "tool_use_id": "a", "is_error": True, "content": "No result: the tool was not run."}
    assert rows(payload)[1] == ("user", [result("b"), made])
    assert losses == [("messages[1]", "result of call a made up")]
    payload, losses = sent(calling("a"), HELLO)
    assert rows(payload)[1] == ("user", [made, text("hello")])
    assert losses == [("messages[1]", "result of call a made up")]


def test_calls_at_the_end_are_left_open() -> None:
    assert sent(HELLO, calling("a")) == (
        MessagesPayload([{"role": "user", "content": "hello"}, {"role": "assistant", "content": uses("a")}]),
        [],
    )


def test_two_messages_of_the_assistant_are_one_turn() -> None:
    payload, losses = sent(calling("a"), SAID, answer("a"))
    assert rows(payload) == [("assistant", uses("a")), ("assistant", "hi"), ("user", [result("a")])]
    assert losses == []


def test_a_result_that_nobody_waits_for_is_the_users() -> None:
    payload, losses = sent(HELLO, answer("a", [text("4"), BLUE]), answer("b", []))
    assert rows(payload)[1] == ("user", [text("Result of tool call a:"), text("4"), BLUE_BLOCK])
    assert losses == [("messages[1]", "tool message sent as the user's"), ("messages[2]", "tool message dropped")]
    payload, _ = sent(calling("a"), answer("a"), answer("a", "again"))
    assert rows(payload)[1] == ("user", [result("a"), text("Result of tool call a:"), text("again")])


def test_ids_that_begin_anew_in_each_turn() -> None:
    payload, losses = sent(calling("call:0"), answer("call:0"), calling("call:0"), answer("call:0"))
    assert rows(payload) == [
        ("assistant", uses("call_0")),
        ("user", [result("call_0")]),
        ("assistant", uses("call_0_2")),
        ("user", [result("call_0_2")]),
    ]
    assert [what for _, what in losses] == ["id call:0 sent as call_0", "id call:0 sent as call_0_2"]


def test_results_hold_media() -> None:
    payload, losses = sent(calling("a"), answer("a", [text("see"), BLUE]))
    assert rows(payload)[1] == ("user", [{**result("a"), "content": [text("see"), BLUE_BLOCK]}])
    assert losses == []


def test_a_failure_holds_only_text() -> None:
    payload, losses = sent(calling("a", "b"), answer("a", [text("no"), BLUE], is_error=True), answer("b"), HELLO)
    failed = {**result("a"), "is_error": True, "content": "no"}
    moved = [text("Result of tool call a:"), BLUE_BLOCK]
    assert rows(payload)[1] == ("user", [failed, result("b"), *moved, text("hello")])
    assert losses == [("messages[1]", "media moved behind the results")]


def test_an_empty_result() -> None:
    payload, _ = sent(calling("a"), answer("a", ""))
    assert rows(payload)[1] == ("user", [{"type": "tool_result", "tool_use_id": "a"}])


def test_empty_messages_are_left_out() -> None:
    payload, losses = sent(HELLO, {"role": "assistant", "content": ""}, {"role": "user", "content": " "}, system(""))
    assert rows(payload) == [("user", "hello")]
    assert [where for where, what in losses if what == "message dropped"] == [
        "messages[1]",
        "messages[2]",
        "messages[3]",
    ]


def test_an_empty_answer_ends_no_turn() -> None:
    payload, _ = sent(HELLO, system("B"), {"role": "assistant", "content": ""}, HELLO)
    assert rows(payload) == [("user", "hello"), ("user", "hello"), ("system", "B")]


def test_names_are_told() -> None:
    _, losses = sent({**HELLO, "name": "Ann", "odd": 1})
    assert losses == [("messages[0]", "odd dropped"), ("messages[0]", "name dropped")]


def test_marks_of_the_cache() -> None:
    marked = {"cache_control": EPHEMERAL}
    payload, losses = sent(
        {**system("A"), **marked},
        {"role": "user", "content": [text("a", **marked), {**BLUE, "provider_data": {"anthropic.messages": marked}}]},
        {**calling("t"), **marked},
        {**answer("t"), **marked},
    )
    assert payload.system == [text("A", **marked)]
    assert rows(payload) == [
        ("user", [text("a", **marked), {**BLUE_BLOCK, **marked}]),
        ("assistant", [{**uses("t")[0], **marked}]),
        ("user", [result("t", **marked)]),
    ]
    assert losses == []


def test_thinking_takes_no_mark() -> None:
    thought = {"type": "reasoning", "text": "Hm", "provider_data": {"anthropic.messages": {"signature": "s"}}}
    payload, losses = sent({"role": "assistant", "content": [thought], "cache_control": EPHEMERAL})
    assert payload.messages[0]["content"] == [{"type": "thinking", "thinking": "Hm", "signature": "s"}]
    assert losses == [("messages[0]", "cache_control dropped")]


def test_fields_of_a_message_are_sent() -> None:
    later = {**system("B"), "provider_data": {"anthropic.messages": {"clear_at": "x"}}}
    payload, _ = sent(HELLO, later)
    assert payload.messages[1] == {"role": "system", "content": "B", "clear_at": "x"}


SEARCH = {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}}
FOUND = {"type": "web_search_tool_result", "tool_use_id": "s", "content": []}


def kept(*blocks: Data) -> Data:
    """An assistant's message of blocks that Claude sent."""
    parts = [{**text(""), "provider_data": {"anthropic.messages": {"block": block}}} for block in blocks]
    return {"role": "assistant", "content": parts}


def test_a_pause_goes_on_as_long_as_the_user_is_silent() -> None:
    assert rows(sent(HELLO, kept(SEARCH))[0])[1:] == [("assistant", [SEARCH])]
    found = rows(sent(HELLO, kept(SEARCH), kept(FOUND), HELLO)[0])
    assert found[1:3] == [("assistant", [SEARCH]), ("assistant", [FOUND])]
    both = {"role": "assistant", "content": [*kept(SEARCH)["content"], *calling("a")["content"]]}
    assert rows(sent(HELLO, both, answer("a"))[0])[1] == ("assistant", [SEARCH, *uses("a")])


def test_the_users_word_ends_a_pause() -> None:
    payload, losses = sent(HELLO, kept(text("I look."), SEARCH), kept(SEARCH), HELLO)
    assert rows(payload) == [("user", "hello"), ("assistant", "I look."), ("user", "hello")]
    assert losses == [("messages[2]", "server_tool_call dropped"), ("messages[1]", "server_tool_call dropped")]
