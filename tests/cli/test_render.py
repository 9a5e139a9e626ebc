"""The renderer on a terminal and in a pipe."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from rich.console import Console

from massgen_stream.cli.render import Renderer, Times, render
from massgen_stream.cli.screen.console import StandardConsole
from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import content, done, error, reasoning, tool_calls
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.unknown import UnknownChunk

from .screens import pipe, piped, rows, screen, shown, terminal, written

CALL = {"id": "1", "name": "get_weather", "arguments": '{"city": "Paris"}', "kind": "function"}


def test_a_whole_answer() -> None:
    assert shown(
        narrow.start(provider="simulator"),
        reasoning("The user wants "),
        reasoning("weather."),
        narrow.reasoning_done("The user wants weather."),
        content("Let me "),
        content("look.\n"),
        tool_calls([CALL]),
        content("It rains."),
        narrow.complete_message({"role": "assistant", "content": "…"}),
        done("stop", usage={"input_tokens": 3, "output_tokens": 4}),
        times=Times(0.05, 1.5),
    ) == [
        "The user wants weather.",
        "",
        "Let me look.",
        "",
        '→ get_weather {"city": "Paris"}',
        "",
        "It rains.",
        "",
        "stop · 3 tokens in · 4 out · first chunk 50 ms · 1.50 s total",
    ]


def test_text_is_on_the_screen_as_soon_as_it_arrives() -> None:
    console = terminal()
    renderer = Renderer(console)
    seen = []
    for piece in ("Ri", "ver", "\nflows"):
        renderer.feed(content(piece))
        seen.append(rows(console))
    assert seen == [["Ri"], ["River"], ["River", "flows"]]


def test_reasoning_is_dim_and_italic_and_the_answer_is_plain() -> None:
    console = terminal()
    shown(reasoning("why"), content("what"), console=console)
    raw = written(console)
    assert "\x1b[2;3mwhy\x1b[0m" in raw
    assert raw.endswith("what\n")
    assert screen(console).buffer[0][0].italics
    assert not screen(console).buffer[2][0].italics


def test_a_pipe_holds_just_the_answer() -> None:
    answer, aside = piped(
        reasoning("why"),
        content("It\tis "),
        narrow.backend_status("info", detail="fine"),
        content("so."),
        error("late", error_info={"kind": "server"}),
        done("error"),
    )
    assert answer == "It\tis so.\n"
    assert aside == ("why\n\n· fine\n\nerror: late (server)\n\nerror · tokens not reported\n")


def test_a_pipe_adds_no_newline_to_one_and_nothing_to_nothing() -> None:
    assert piped(content("a\n"))[0] == "a\n"
    assert piped(done("stop"))[0] == ""


def test_a_pipe_keeps_texts_around_a_tool_call_apart() -> None:
    answer, aside = piped(content("Let me look."), tool_calls([CALL]), content("It rains."))
    assert answer == "Let me look.\nIt rains.\n"
    assert aside == '→ get_weather {"city": "Paris"}\n'


def test_a_pipe_that_leads_to_the_same_screen_runs_nothing_together() -> None:
    both = pipe()
    with Renderer(both, aside=Console(file=both.file, force_terminal=False)) as renderer:
        for chunk in (reasoning("why"), content("Hal"), error("late", error_info={"kind": "server"}), done("error")):
            renderer.feed(chunk)
    assert written(both) == "why\nHal\n\nerror: late (server)\n\nerror · tokens not reported\n"


def test_a_narrow_pipe_wraps_nothing() -> None:
    long = "word " * 100
    answer, aside = piped(content(long), narrow.backend_status("info", detail="x" * 200))
    assert answer == long + "\n"
    assert aside == "· " + "x" * 200 + "\n"


def test_chunks_that_are_not_for_display_and_unknown_ones_show_nothing() -> None:
    hidden = TextStreamChunk(type="content", content="hidden", display=False)
    newer = UnknownChunk.from_dict({"type": "hologram", "content": "x"})
    assert shown(hidden, newer, content("seen")) == ["seen"]


def test_a_hidden_source_is_not_listed_and_a_hidden_end_still_closes() -> None:
    source = TextStreamChunk(type="citation", citation={"url": "http://x"}, display=False)
    end = TextStreamChunk(type="done", finish_reason="stop", display=False)
    assert shown(source, end) == ["stop · tokens not reported"]


def test_sources_are_numbered_at_the_end_and_each_is_listed_once() -> None:
    a, b = {"url": "http://a", "title": "A"}, {"file_id": "f1", "cited_text": "said\nso"}
    chunks = [narrow.citation(citation) for citation in (a, b, dict(a, start=5))]
    assert shown(content("Text"), *chunks, content(" on."), done("stop")) == [
        "Text on.",
        "",
        "[1] A — http://a",
        "[2] said so — f1",
        "",
        "stop · tokens not reported",
    ]


def test_a_refusal_has_its_colour_and_an_error_is_red() -> None:
    console = terminal()
    assert shown(narrow.refusal("I can"), narrow.refusal("not."), error("Boom"), console=console) == [
        "I cannot.",
        "",
        "error: Boom",
    ]
    colours = [screen(console).buffer[row][0].fg for row in (0, 2)]
    assert colours == ["brown", "red"]  # brown: what pyte calls ANSI yellow


def test_error_tells_kind_status_and_wait() -> None:
    info = {"kind": "rate_limited", "status": 429, "retry_after_seconds": 2.5, "code": "x"}
    assert shown(error("Slow down", error_info=info), console=terminal(100)) == [
        "error: Slow down (rate limited, status 429, try again in 2.50 s)"
    ]


def test_reasoning_without_deltas_is_shown_when_it_is_whole() -> None:
    whole = narrow.reasoning_done("All of it.")
    assert shown(whole) == ["All of it."]
    assert shown(reasoning("All of it."), whole, whole) == ["All of it.All of it."]


def test_two_summaries_are_two_paragraphs() -> None:
    first, second = (narrow.reasoning_summary(text, summary_index=index) for index, text in enumerate(["One", "Two"]))
    assert shown(first, second) == ["One", "", "Two"]


def test_other_choices_come_after_the_first() -> None:
    chunks = [
        content("a0", choice_index=0),
        content("b0", choice_index=1),
        content("a1"),
        content("b1", choice_index=1),
    ]
    assert shown(*chunks) == ["a0a1", "", "── choice 1", "", "b0b1"]
    assert piped(*chunks)[0] == "a0a1\n\nb0b1\n"


def test_another_speaker_is_announced() -> None:
    chunks = [
        TextStreamChunk(type="content", content=text, source=who) for who, text in [("a", "1"), ("a", "2"), ("b", "3")]
    ]
    assert shown(*chunks) == ["12", "", "── b", "", "3"]


def test_a_tool_of_the_vendor_is_shown_when_it_begins_and_when_it_ends() -> None:
    def search(status: str, **fields: Any) -> BaseStreamChunk:
        return narrow.server_tool_call("s1", "web_search", status=status, **fields)

    result = narrow.tool_result("s1", tool_name="web_search", content="line\nline", attachments=[{"type": "image"}])
    draft = narrow.tool_result("s1", content="draft", preliminary=True)
    chunks = search("in_progress"), search("searching"), search("completed", arguments='{"q": 1}'), draft, result
    assert shown(*chunks) == [
        "⚙ web_search  in progress",
        '⚙ web_search {"q": 1}  completed',
        "← web_search line line [image]",
    ]


def test_an_invalid_call_says_why() -> None:
    call = CALL | {"arguments": '{"ci', "invalid": {"reason": "cut off"}}
    assert shown(tool_calls([call])) == ['→ get_weather {"ci  invalid: cut off']


def test_long_arguments_are_shortened() -> None:
    assert len("".join(shown(tool_calls([CALL | {"arguments": "x" * 5000}])))) < 1100


def test_status_hooks_and_inner_turns() -> None:
    assert shown(
        narrow.mcp_status("tools_listed", detail="3 tools"),
        narrow.agent_status("answered"),
        narrow.hook_execution({"hook_name": "guard"}),
        narrow.turn_done("tool_calls", usage={"output_tokens": 2}),
    ) == ["· mcp tools listed: 3 tools", "· agent answered", "· hook guard", "turn ended: tool_calls · 2 tokens out"]


def test_times_are_those_of_the_chunks_when_nobody_knows_better() -> None:
    first = TextStreamChunk(type="content", content="x", timestamp=100.0)
    last = TextStreamChunk(type="done", finish_reason="stop", timestamp=101.25)
    assert shown(first, last)[-1] == "stop · tokens not reported · 1.25 s total"


def test_an_unfinished_stream_has_no_closing_line_and_closing_twice_is_closing_once() -> None:
    console = terminal()
    with Renderer(console) as renderer:
        renderer.feed(content("cut"))
        renderer.close()
        renderer.close()
    assert written(console) == "cut\n"


class Timing:
    time_to_first_chunk = 0.1
    total = 0.3


class Stream:
    timing = Timing()

    async def __aiter__(self) -> AsyncIterator[BaseStreamChunk]:
        yield content("Hi")
        yield done("stop")


@pytest.mark.anyio
async def test_render_shows_a_stream_to_its_end_with_its_times() -> None:
    console = terminal()
    await render(Stream(), console)
    assert rows(console) == ["Hi", "", "stop · tokens not reported · first chunk 100 ms · 300 ms total"]


def test_waiting_vanishes_with_the_first_text() -> None:
    console = terminal()
    renderer = Renderer(console, animate=False)
    renderer.wait("waiting for [x]")
    assert rows(console) == ["⠋ waiting for [x]"]
    renderer.feed(content("Hi"))
    renderer.close()
    assert rows(console) == ["Hi"]


def test_waiting_leaves_no_trace_in_a_pipe() -> None:
    console = pipe()
    renderer = Renderer(console, aside=console)
    renderer.wait("waiting")
    renderer.close()
    assert written(console) == ""


@pytest.mark.parametrize("width", ["0", "000", ""])
def test_a_width_of_nothing_is_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    monkeypatch.setenv("LINES", width)
    monkeypatch.setenv("TERM", "xterm")
    console = StandardConsole(force_terminal=True)
    with Renderer(console, animate=False) as renderer:
        renderer.feed(content("It rains."))
    assert "It rains." in capsys.readouterr().out
    assert console.width > 0
    monkeypatch.setenv("COLUMNS", "33")
    assert StandardConsole(force_terminal=True).width == 33
