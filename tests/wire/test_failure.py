"""Errors inside a stream with status 200, bodies that are no stream, and bytes that break the protocol."""

from typing import Any

import pytest

from massgen_stream.errors import EventTooLarge, MalformedEvent, Truncated
from massgen_stream.wire.body import KEPT_BODY_BYTES
from massgen_stream.wire.failure import failure_of_body, failure_of_wire, vendor_error

from .openai_chat.saying import body, decoded, delta, encoded, event, of, only, types

ERRORS = [
    # event, message, code
    ({"error": {"message": "m", "code": 5}}, "m", 5),
    ({"error": {"message": "m", "type": "t", "code": None}}, "m", None),
    ({"error": "m"}, "m", None),
    ({"error": {"error": {"message": "m", "code": "c"}}}, "m", "c"),
    ({"object": "error", "message": "m", "code": 400}, "m", 400),
    ({"message": "m", "code": "c"}, "m", "c"),
    ({"message": "m", "type": "server_error"}, "m", None),
    ({"detail": "m"}, "m", None),
    ({"detail": [{"msg": "m", "loc": ["body"]}]}, "m", None),
    (
        {
            "id": "r",
            "choices": [{"delta": {"content": ""}, "finish_reason": "error"}],
            "error": {"message": "m", "code": 502},
        },
        "m",
        502,
    ),
]


@pytest.mark.parametrize(("said", "message", "code"), ERRORS)
def test_an_error_in_the_data_is_one_error(said: Any, message: str, code: Any) -> None:
    chunks = of(delta(content="x"), said, said, {"choices": [], "usage": {"prompt_tokens": 1}})
    (error,) = only(chunks, "error")
    assert (error.error, error.error_info.get("code")) == (message, code)
    assert (chunks[-1].finish_reason, chunks[-1].usage_source) == ("error", "reported")
    assert error.error_info["raw"]


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (b'{"message":"m"}', "m"),
        (b'{"error":{"message":"m"}}', "m"),
        (b"it broke: {", "it broke: {"),
        (b"{}", "the provider sent an error without a message"),
    ],
)
def test_an_event_called_error_is_one(payload: bytes, message: str) -> None:
    chunks = decoded(event(delta(content="x")) + b"event: error\n" + event(payload) + event(delta(content="y")))
    (error,) = only(chunks, "error")
    assert error.error == message
    assert [chunk.content for chunk in only(chunks, "content")] == ["x", "y"]
    assert decoded(encoded(chunks)) == chunks


def test_the_event_name_alone_makes_no_error_of_an_answer() -> None:
    for more in ({}, {"obfuscation": float("nan")}):
        chunks = decoded(b"event: error\n" + event(delta(content="x") | more) + body(delta(finish="stop")))
        assert only(chunks, "error") == []


@pytest.mark.parametrize("said", [{"error": None}, {"error": ""}, {"error": {}}, {"error": False}])
def test_no_error_is_no_error(said: Any) -> None:
    assert only(of(delta(content="x") | said, delta(finish="stop")), "error") == []


def test_numbers_that_are_not_finite_leave_the_rest() -> None:
    error = vendor_error({"message": "m", "code": 5, "x": [float("nan")]})
    assert error.error_info is not None
    assert error.error_info["raw"] == {"message": "m", "code": 5, "x": [None]}


BODIES = [
    # body, message (or its beginning), code
    (b'{"error":{"message":"m","code":"invalid_api_key"}}', "m", "invalid_api_key"),
    (b'[{"error":{"message":"m","code":429}}]', "m", 429),
    (b' \r\n\xef\xbb\xbf{"detail":"m"}', "m", None),
    (b'{"message":"m"}', "m", None),
    (
        b'{"id":"c","choices":[]}',
        "the server answered with a JSON document instead of an event stream: {",
        "not_a_stream",
    ),
    (b"{", "the server answered with a JSON document", "not_a_stream"),
    (b"[]", "the server answered with a JSON document", "not_a_stream"),
    (b"<!doctype html><p>502 Bad Gateway</p>", "the server answered with a page", "not_a_stream"),
]


@pytest.mark.parametrize(("data", "message", "code"), BODIES)
def test_a_body_that_is_no_stream(data: bytes, message: str, code: Any) -> None:
    error, done = chunks = decoded(data)
    assert types(chunks) == ["error", "done"]
    assert str(error.error).startswith(message)  # type: ignore[attr-defined]
    assert error.error_info.get("code") == code  # type: ignore[attr-defined]
    assert done.finish_reason == "error"  # type: ignore[attr-defined]
    assert decoded(encoded(chunks)) == chunks


def test_a_page_is_kept_within_bounds_and_shown_shortly() -> None:
    error = failure_of_body(b"<\xff" + b"\xff" * KEPT_BODY_BYTES)
    assert error.error_info is not None
    assert len(error.error_info["raw"].encode()) <= KEPT_BODY_BYTES
    assert len(str(error.error)) < 160


def test_keys_are_not_shown() -> None:
    for error in (
        failure_of_body(b"<p>sk-abcdefghijklmnopqrstuvwx</p>"),
        failure_of_wire(MalformedEvent("not JSON"), b"bad sk-abcdefghijklmnopqrstuvwx"),
        vendor_error({"message": "bad key sk-abcdefghijklmnopqrstuvwx"}),
    ):
        assert "sk-abc" not in str(error.error)


@pytest.mark.parametrize(
    ("problem", "kind", "code", "retryable"),
    [
        (Truncated(), "transport", "truncated", True),
        (EventTooLarge(5), "protocol", "event_too_large", False),
        (MalformedEvent("not JSON"), "protocol", "malformed_event", False),
    ],
)
def test_bytes_that_break_the_protocol(problem: Any, kind: str, code: str, retryable: bool) -> None:
    info = failure_of_wire(problem, b"x").error_info
    assert info is not None
    assert (info["kind"], info["code"], info["retryable"]) == (kind, code, retryable)


NOT_JSON = [
    b"rubbish",
    b'{"a":',
    b"{}{}",
    b"\x01",
    b'"\xff"',
    b"\x00",
    b'{"a":"\x0b\xff"} ',
    b"1\x002",
    b"\xef\xbb\xbf",
    b"[" * 99999,
    b"9" * 5000,
    '{"é…'.encode() * 40,
    b'"' + b" " * 200,
    b"null null",
]


@pytest.mark.parametrize("payload", NOT_JSON)
def test_what_is_not_json_is_malformed_and_says_so_again_after_encoding(payload: bytes) -> None:
    chunks = decoded(body(delta(content="x"), payload, delta(content="y")))
    assert types(chunks) == ["start", "content", "error", "complete_response", "done"]
    (error,) = only(chunks, "error")
    assert str(error.error).startswith("malformed event: not JSON")
    assert len(error.error_info["raw"]) <= 80
    assert decoded(encoded(chunks)) == chunks


def test_a_body_that_tells_an_error_as_deepgram_does() -> None:
    """https://developers.deepgram.com/docs/errors"""
    error = failure_of_body(b'{"err_code": "Bad Request", "err_msg": "corrupt data", "request_id": "r"}')
    assert (error.error, (error.error_info or {})["kind"]) == ("corrupt data", "invalid_request")
