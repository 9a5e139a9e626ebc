from massgen_stream.backend.ending import cancelled, ended
from massgen_stream.stream_chunk.narrow import complete_response, done, error

BROKEN = error("broken", error_info={"kind": "transport", "retryable": True})
LATE = error("late", error_info={"kind": "timeout", "retryable": True})
CUT = error("cut", error_info={"kind": "transport", "code": "truncated"})
ENVELOPE = complete_response({"id": "r-1"})
USAGE = {"input_tokens": 1}


def test_an_end_without_failure_stays_as_it_is() -> None:
    rest = [CUT, ENVELOPE, done("incomplete")]
    assert ended(rest, None) == rest


def test_a_failure_replaces_the_decoders_own_guess() -> None:
    rest = [CUT, ENVELOPE, done("incomplete", usage=USAGE, usage_source="reported")]
    last = done("incomplete", usage=USAGE, usage_source="reported")
    assert ended(rest, BROKEN) == [BROKEN, ENVELOPE, last]


def test_a_timeout_is_an_error_and_no_cut() -> None:
    assert ended([CUT, done("incomplete")], LATE) == [LATE, done("error")]


def test_a_failure_after_the_documented_end_is_not_told() -> None:
    rest = [ENVELOPE, done("stop")]
    assert ended(rest, BROKEN) == rest


def test_an_error_of_the_vendor_is_the_only_one() -> None:
    assert ended([done("error")], BROKEN) == [done("error")]


def test_without_a_decoder() -> None:
    assert ended([], BROKEN) == [BROKEN, done("incomplete")]
    (truncated, last) = ended([], None)
    assert truncated.error_info["kind"] == "transport"  # type: ignore[attr-defined]
    assert last == done("incomplete")


def test_cancelled_keeps_finals_and_usage() -> None:
    rest = [CUT, ENVELOPE, done("incomplete", usage=USAGE, usage_source="reported")]
    assert cancelled(rest) == [ENVELOPE, done("cancelled", usage=USAGE, usage_source="reported")]
    assert cancelled([]) == [done("cancelled")]
