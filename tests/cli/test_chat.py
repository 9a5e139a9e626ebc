"""``massgen-stream chat``, in this process, against a simulator in a thread."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.simulator import Simulator, call, cut, fail, refuse, text, think
from massgen_stream.stream_chunk.codec_jsonl import decode_jsonl
from massgen_stream.stream_chunk.verifier import StreamVerifier

from .commands import KEYS, Ran, run_here

SECRET = "sk-secret-0123456789"
TOOLS = '[{"name": "get_weather", "description": "Now", "parameters": {"type": "object", "properties": {}}}]'


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator.threaded() as simulator:
        yield simulator


def chat(capsys: pytest.CaptureFixture[str], sim: Simulator, *words: str) -> Ran:
    return run_here(capsys, "chat", "--base-url", sim.url("openai"), *words)


def asked(sim: Simulator) -> Any:
    (request,) = sim.requests
    return request.json


def scripted(capsys: pytest.CaptureFixture[str], script: list[Any], *words: str) -> Ran:
    with Simulator.threaded(script) as sim:
        return chat(capsys, sim, "--max-retries", "0", *words, "Hello")


def test_the_answer_goes_to_standard_output_and_the_rest_to_standard_error(
    capsys: pytest.CaptureFixture[str], sim: Simulator
) -> None:
    ran = chat(capsys, sim, "Write a haiku about rivers")
    introduction, closing = ran.err.splitlines()
    assert ran.code == 0
    assert "\n" in ran.out.strip()
    assert introduction == f"massgen-stream: chatcompletion at {sim.url('openai')} answers with gpt-6.1-terra"
    assert closing.startswith("stop · ")
    assert " tokens in · " in closing
    assert " out · first chunk " in closing
    assert closing.endswith(" total")


def test_everything_is_shown_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    ran = scripted(capsys, [think("Hm."), text("It rains."), call("get_weather", {"city": "Paris"})])
    assert ran.code == 0
    assert ran.out == "It rains.\n"
    assert ran.err.splitlines()[1:4] == ["Hm.", "", '→ get_weather {"city": "Paris"}']
    assert ran.err.splitlines()[-1].startswith("tool_calls · ")


def test_json_is_chunks_and_nothing_else(capsys: pytest.CaptureFixture[str], sim: Simulator) -> None:
    ran = chat(capsys, sim, "--json", "--reasoning", "Hello")
    chunks = list(decode_jsonl([ran.out]))
    verifier = StreamVerifier()
    for chunk in chunks:
        verifier.feed(chunk)
    verifier.close()
    assert ran.code == 0
    assert verifier.breaches == []
    assert [document["type"] for document in ran.documents] == [chunk.type for chunk in chunks]
    assert {"start", "reasoning", "content", "complete_message", "done"} <= {str(chunk.type) for chunk in chunks}
    assert ran.err.count("\n") == 1


def test_what_the_options_ask_for(capsys: pytest.CaptureFixture[str], sim: Simulator, tmp_path: Path) -> None:
    tools = tmp_path / "tools.json"
    tools.write_text(TOOLS)
    words = ["--system", "Be brief", "--model", "m-1", "--option", "temperature=0.5", "--option", "user=me"]
    ran = chat(capsys, sim, *words, "--tools", str(tools), "--reasoning-effort", "low", "Say", "hello")
    body = asked(sim)
    assert ran.code == 0
    assert "answers with m-1" in ran.err
    assert body["messages"] == [{"role": "system", "content": "Be brief"}, {"role": "user", "content": "Say hello"}]
    assert body["model"] == "m-1"
    assert (body["temperature"], body["user"], body["reasoning_effort"]) == (0.5, "me", "low")
    assert body["tools"][0]["function"]["name"] == "get_weather"


def test_words_and_options_may_be_mixed(capsys: pytest.CaptureFixture[str], sim: Simulator) -> None:
    assert chat(capsys, sim, "Say", "--reasoning", "it", "--json", "twice").code == 0
    assert asked(sim)["messages"][-1]["content"] == "Say it twice"
    assert asked(sim)["reasoning_effort"] == "medium"


def test_words_after_two_dashes_are_the_prompt(capsys: pytest.CaptureFixture[str], sim: Simulator) -> None:
    assert chat(capsys, sim, "--", "--json", "is", "what?").code == 0
    assert asked(sim)["messages"][-1]["content"] == "--json is what?"


def test_files_and_addresses_are_attached(capsys: pytest.CaptureFixture[str], sim: Simulator, tmp_path: Path) -> None:
    picture = tmp_path / "a.gif"
    picture.write_bytes(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;")
    ran = chat(capsys, sim, "--attach", str(picture), "--attach", "https://x.org/b.png", "Compare")
    first, second, words = asked(sim)["messages"][0]["content"]
    assert ran.code == 0
    assert first["image_url"]["url"].startswith("data:image/gif;base64,R0lGOD")
    assert second["image_url"]["url"] == "https://x.org/b.png"
    assert words == {"type": "text", "text": "Compare"}


@pytest.mark.parametrize(
    ("script", "reason", "told"),
    [
        ([text("It "), fail("Boom")], "error", "error: Boom"),
        ([text("It "), cut()], "incomplete", "error: "),
    ],
)
def test_a_stream_that_fails_shows_what_came_and_ends_with_one(
    capsys: pytest.CaptureFixture[str], script: list[Any], reason: str, told: str
) -> None:
    ran = scripted(capsys, script)
    assert ran.code == 1
    assert ran.out.startswith("It")
    assert f"\n{told}" in ran.err
    assert ran.err.splitlines()[-1].startswith(f"{reason} · ")
    assert "Traceback" not in ran.err
    as_json = scripted(capsys, script, "--json")
    assert as_json.code == 1
    assert as_json.documents[-1]["finish_reason"] == reason
    assert as_json.documents[-1]["type"] == "done"


def test_a_refused_request_and_a_retried_one(capsys: pytest.CaptureFixture[str]) -> None:
    refused = scripted(capsys, [refuse(401, "Wrong key")])
    assert (refused.code, refused.out) == (1, "")
    assert "error: Wrong key (authentication, status 401)" in refused.err
    with Simulator.threaded([[refuse(429, retry_after=0.01)], [text("At last.")]]) as sim:
        retried = chat(capsys, sim, "--max-retries", "1", "Hello")
    assert (retried.code, retried.out) == (0, "At last.\n")
    assert "\n· retry: attempt 2 of 2 " in retried.err


def test_nobody_there(capsys: pytest.CaptureFixture[str]) -> None:
    with Simulator.threaded() as sim:
        gone = sim.url("openai")
    ran = run_here(capsys, "chat", "--base-url", gone, "--max-retries", "0", "Hello")
    assert (ran.code, ran.out) == (1, "")
    assert "error: cannot reach 127.0.0.1" in ran.err


def test_the_key_chooses_the_provider(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sim: Simulator
) -> None:
    monkeypatch.setenv("GROQ_API_KEY", SECRET)
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("OPENAI_BASE_URL", sim.url("openai"))
    ran = run_here(capsys, "chat", "Hello")
    assert ran.code == 0
    assert ran.err.startswith("massgen-stream: openai at ")
    assert SECRET not in ran.out + ran.err


def test_without_a_key_the_simulator_answers_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run_here(capsys, "chat", "Write a haiku about rivers")
    introduction = ran.err.splitlines()[0]
    assert ran.code == 0
    assert ran.out.count("\n") >= 3
    assert introduction == (
        "massgen-stream: no key is set, so the embedded simulator answers; `massgen-stream providers` lists the keys"
    )
    named = run_here(capsys, "chat", "--provider", "simulator", "--json", "Hello")
    assert named.code == 0
    assert named.err == "massgen-stream: the simulator answers; there is no model behind it\n"
    assert named.documents[1]["status"] == "simulated"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--provider", "nobody", "x"], "unknown provider 'nobody'; use one of: "),
        (["--provider", "groq", "x"], "groq needs an API key; set GROQ_API_KEY"),
        (["--base-url", f"ftp://me:{SECRET}@x", "x"], "--base-url must be an address such as"),
        (["--attach", "absent.png", "x"], "cannot attach 'absent.png': No such file or directory"),
        (["--attach", ".", "x"], "cannot attach '.': Is a directory"),
        (["--tools", "absent.json", "x"], "cannot read the tools in 'absent.json': No such file or directory"),
        (["--option", "x"], "argument --option: expected KEY=VALUE"),
        (["--option", f"api_key={SECRET}", "x"], "argument --option: api_key is no option; use the provider's"),
        (["--option", "total_timeout=-1", "x"], "total_timeout must be a number of seconds above 0"),
        (["--reasoning", "--reasoning-effort", "low", "x"], "argument --reasoning-effort: not allowed with argument"),
        (["--max-retries", "-1", "x"], "argument --max-retries: "),
        ([], "there is no prompt; say something: "),
        (["   "], "there is no prompt; say something: "),
        (["--mdl", "x"], "unrecognized arguments: --mdl"),
    ],
    ids=lambda value: "" if isinstance(value, str) else " ".join(value).replace(SECRET, "…"),
)
def test_wrong_calls_are_one_line_without_secrets(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    words: list[str],
    line: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", None)
    ran = run_here(capsys, "chat", *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"massgen-stream: error: {line}")
    assert ran.err.count("\n") == 1
    assert SECRET not in ran.err


def test_what_is_missing_is_said_before_anything_is_sent(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sim: Simulator
) -> None:
    monkeypatch.setitem(sys.modules, "rich", None)
    ran = chat(capsys, sim, "Hello")
    assert (ran.code, ran.out, sim.requests) == (2, "", [])
    assert ran.err == (
        "massgen-stream: error: chat with chatcompletion needs an extra library; "
        "install it with: pip install 'massgen-stream[cli]'\n"
    )
    assert chat(capsys, sim, "--json", "Hello").code == 0


def test_what_cannot_be_attached_is_named(capsys: pytest.CaptureFixture[str], sim: Simulator) -> None:
    place = "http://127.0.0.1:9/plan.pdf"
    ran = chat(capsys, sim, "--attach", place, "Is this built as planned?")
    assert (ran.code, ran.out, sim.requests) == (2, "", [])
    remedy = "allow it with --option allow_private_media=true"
    said = f"cannot attach {place!r}: 127.0.0.1 is not on the public internet; {remedy}"
    assert ran.err == f"massgen-stream: error: {said}\n"


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_what_is_not_sent_is_said(
    capsys: pytest.CaptureFixture[str], sim: Simulator, tmp_path: Path, words: list[str]
) -> None:
    photo, film = tmp_path / "photo.png", tmp_path / "film.mp4"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    film.write_bytes(b"\0\0\0\x20ftypisom" + bytes(100))
    ran = chat(capsys, sim, "--attach", str(photo), "--attach", str(film), *words, "Who is there?")
    assert ran.code == 0
    warnings = [line for line in ran.err.splitlines() if "warning" in line]
    said = f"{str(film)!r} is not sent: chat has no part for it, only some servers do"
    assert warnings == [f"massgen-stream: warning: {said}"]
