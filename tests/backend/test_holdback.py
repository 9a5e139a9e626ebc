from typing import Any

from massgen_stream.backend.holdback import Holdback, Origin
from massgen_stream.backend.limits import StreamLimits
from massgen_stream.backend.turn import Turn
from massgen_stream.stream_chunk.narrow import backend_status, content, done, error, start, usage

ORIGIN = Origin("fake", "fake-1", ("topsecret",))
NOTE = backend_status("loss", detail="a loss")


def holdback(*notes: Any) -> Holdback:
    turn = Turn(None, StreamLimits())
    turn.request_id = "req-1"
    return Holdback(turn, ORIGIN, notes)


def test_a_start_is_completed_and_the_notes_follow_it() -> None:
    first = start(provider="fake", model="fake-1-turbo", response_id="r-1", request_id="req-1")
    assert holdback(NOTE).take(start(model="fake-1-turbo", response_id="r-1"), visible=False) == [first, NOTE]


def test_a_missing_start_is_made() -> None:
    sieve = holdback(NOTE)
    first = start(provider="fake", model="fake-1", request_id="req-1")
    assert sieve.take(content("a"), visible=False) == [first, NOTE, content("a")]
    assert sieve.take(content("b"), visible=True) == [content("b")]


def test_an_error_waits_until_something_visible_comes() -> None:
    sieve = holdback()
    sieve.take(start(), visible=False)
    assert sieve.take(error("bad"), visible=False) == []
    assert sieve.take(usage({"input_tokens": 1}), visible=False) == []
    passed = sieve.take(content("a"), visible=False)
    assert [chunk.type for chunk in passed] == ["error", "usage", "content"]
    assert sieve.held == []


def test_what_is_held_outlives_a_cut_where_the_stream_is_taken_up() -> None:
    sieve = holdback(NOTE)
    sieve.take(start(), visible=False)
    sieve.take(error("bad"), visible=False)
    again = sieve.go_on(Turn(None, StreamLimits(), number=2))
    assert again.error is not None
    assert [chunk.type for chunk in again.take(content("a"), visible=False)] == ["error", "content"]


def test_an_error_after_something_visible_passes_at_once() -> None:
    sieve = holdback()
    sieve.take(content("a"), visible=False)
    assert [chunk.type for chunk in sieve.take(error("bad"), visible=True)] == ["error"]


def test_done_is_kept() -> None:
    sieve = holdback()
    sieve.take(content("a"), visible=False)
    assert sieve.take(done("stop"), visible=True) == []
    assert sieve.done == done("stop")


def test_an_error_names_its_provider_and_holds_no_secret() -> None:
    sieve = holdback()
    sieve.take(content("a"), visible=False)
    said = {"kind": "authentication", "raw": {"message": ["key topsecret or sk-abcdefgh12345678"]}}
    (passed,) = sieve.take(error("bad key topsecret", error_info=said), visible=True)
    assert passed.error == "bad key ***"  # type: ignore[attr-defined]
    assert passed.error_info == {  # type: ignore[attr-defined]
        "kind": "authentication",
        "provider": "fake",
        "raw": {"message": ["key *** or ***"]},
    }
    assert said["raw"] == {"message": ["key topsecret or sk-abcdefgh12345678"]}


def test_the_first_error_counts() -> None:
    sieve = holdback()
    sieve.take(error("first"), visible=False)
    sieve.take(error("second"), visible=False)
    assert sieve.error is not None
    assert sieve.error.error == "first"
