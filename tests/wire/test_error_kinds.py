import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.stream_chunk.narrow import error
from massgen_stream.stream_chunk.vocabulary import ERROR_KINDS
from massgen_stream.testing.recorded import available, recordings, skip_reason
from massgen_stream.wire.error_kinds import MESSAGE_CHARACTERS, error_info_of, error_message_of
from massgen_stream.wire.error_words import KIND_OF_STATUS, KIND_OF_WORD, RETRYABLE_KINDS, VAGUE_WORDS

FORMS: list[tuple[Any, str, str]] = [
    # OpenAI
    (
        {"error": {"message": "bad", "type": "invalid_request_error", "param": None, "code": "invalid_api_key"}},
        "authentication",
        "bad",
    ),
    ({"message": "long", "type": "invalid_request_error", "code": "context_length_exceeded"}, "context_length", "long"),
    ({"error": {"message": "x", "type": "insufficient_quota", "code": "insufficient_quota"}}, "quota", "x"),
    ({"error": {"message": "x", "type": "tokens", "code": "rate_limit_exceeded"}}, "rate_limited", "x"),
    ({"type": "error", "code": "server_error", "message": "x", "sequence_number": 3}, "server", "x"),
    (
        {"error": {"message": "x", "type": "invalid_request_error", "code": "previous_response_not_found"}},
        "not_found",
        "x",
    ),
    # Azure
    ({"error": {"code": "content_filter", "message": "x", "status": 400}}, "content_filter", "x"),
    (
        {"error": {"message": "x", "code": None, "innererror": {"code": "ResponsibleAIPolicyViolation"}}},
        "content_filter",
        "x",
    ),
    # OpenRouter
    (
        {"error": {"code": 502, "message": "Provider returned error", "metadata": {"raw": "oops"}}},
        "server",
        "Provider returned error",
    ),
    (
        {"error": {"code": 400, "message": "x", "metadata": {"raw": "maximum context length is 8"}}},
        "context_length",
        "x",
    ),
    ({"code": 402, "message": "Insufficient credits"}, "quota", "Insufficient credits"),
    # Groq, Mistral, xAI, doubleword
    ({"error": {"message": "x", "type": "t", "status_code": 429}}, "rate_limited", "x"),
    (
        {"object": "error", "message": "Invalid model: m", "type": "invalid_model", "code": "1500"},
        "not_found",
        "Invalid model: m",
    ),
    (
        {"object": "error", "message": {"detail": [{"msg": "Field required"}]}, "type": "invalid_request_error"},
        "invalid_request",
        "Field required",
    ),
    ({"code": "Client specified an invalid argument", "error": "bad tool"}, "invalid_request", "bad tool"),
    ({"code": 400, "message": "Validation: x", "type": "Bad Request"}, "invalid_request", "Validation: x"),
    # llama.cpp, vLLM, FastAPI
    (
        {"error": {"code": 400, "message": "exceeds the available context size (5 tokens)"}},
        "context_length",
        "exceeds the available context size (5 tokens)",
    ),
    ({"object": "error", "message": "no", "type": "BadRequestError", "code": 400}, "invalid_request", "no"),
    ({"detail": "Not Found", "status": 404}, "not_found", "Not Found"),
    ({"detail": [{"loc": ["body"], "msg": "a"}, {"msg": "b"}]}, "unknown", "a; b"),
    # Anthropic, Google
    ({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, "overloaded", "Overloaded"),
    (
        {
            "error": {
                "code": 400,
                "message": "x",
                "status": "INVALID_ARGUMENT",
                "details": [{"reason": "API_KEY_INVALID"}],
            }
        },
        "authentication",
        "x",
    ),
    ({"error": {"code": 429, "message": "quota", "status": "RESOURCE_EXHAUSTED"}}, "rate_limited", "quota"),
    # DeepSeek and Z.ai tell an empty account by a rate limit
    ({"error": {"code": "1113", "message": "Insufficient balance", "status": 429}}, "quota", "Insufficient balance"),
    # ElevenLabs
    (
        {"detail": {"status": "quota_exceeded", "message": "This request exceeds your quota."}},
        "quota",
        "This request exceeds your quota.",
    ),
    ({"detail": {"status": "voice_not_found", "message": "no voice"}}, "not_found", "no voice"),
    ({"detail": {"status": "missing_permissions", "message": "x"}}, "permission", "x"),
    ({"detail": {"status": "too_many_concurrent_requests", "message": "x"}}, "rate_limited", "x"),
    ({"detail": {"status": "system_busy", "message": "x"}}, "overloaded", "x"),
    ({"detail": {"status": "max_character_limit_exceeded", "message": "x"}}, "context_length", "x"),
    ({"detail": {"status": "bad_prompt", "message": "x"}}, "content_filter", "x"),
    # Deepgram: https://developers.deepgram.com/docs/errors
    ({"err_code": "INVALID_AUTH", "err_msg": "Invalid credentials."}, "authentication", "Invalid credentials."),
    ({"err_code": "Bad Request", "err_msg": "corrupt data", "request_id": "r"}, "invalid_request", "corrupt data"),
    ({"category": "INVALID_AUTH", "message": "no", "details": "more"}, "authentication", "no"),
    ({"error": {"message": "outer", "code": 404}, "detail": {"status": "quota_exceeded"}}, "not_found", "outer"),
    # plain
    ("rate limit reached", "rate_limited", "rate limit reached"),
    ({"error": "text"}, "unknown", "text"),
]


@pytest.mark.parametrize(("said", "kind", "message"), FORMS)
def test_forms(said: Any, kind: str, message: str) -> None:
    info = error_info_of(said)
    assert info["kind"] == kind
    assert info["raw"] is said
    assert error_message_of(said) == message


@pytest.mark.parametrize(
    ("status", "kind", "retryable"),
    [
        (400, "invalid_request", False),
        (401, "authentication", False),
        (402, "quota", False),
        (403, "permission", False),
        (404, "not_found", False),
        (408, "timeout", True),
        (409, "invalid_request", True),
        (413, "invalid_request", False),
        (422, "invalid_request", False),
        (429, "rate_limited", True),
        (500, "server", True),
        (502, "server", True),
        (503, "overloaded", True),
        (504, "timeout", True),
        (529, "overloaded", True),
        (200, "unknown", False),
    ],
)
def test_statuses(status: int, kind: str, retryable: bool) -> None:
    info = error_info_of(None, status=status)
    assert (info["kind"], info["retryable"], info["status"]) == (kind, retryable, status)


def test_precise_words_win_over_the_status_and_the_status_over_vague_words() -> None:
    assert error_info_of({"code": "insufficient_quota"}, status=429)["kind"] == "quota"
    assert error_info_of({"type": "invalid_request_error"}, status=401)["kind"] == "authentication"


def test_a_numeric_code_is_a_status_too() -> None:
    assert error_info_of({"code": 503, "message": "x"})["status"] == 503
    assert error_info_of({"code": "503", "message": "x"})["status"] == 503
    assert "status" not in error_info_of({"code": 1500, "message": "x"})
    assert "status" not in error_info_of({"code": True, "message": "x"})
    assert error_info_of({"code": 503, "message": "x"}, status=400)["status"] == 400


def test_code() -> None:
    assert error_info_of({"code": "c", "type": "t"})["code"] == "c"
    assert error_info_of({"error": {"code": 400}})["code"] == 400
    assert "code" not in error_info_of({"type": "overloaded_error"})
    assert "code" not in error_info_of({"code": "The requested entity was not found", "error": "no such model"})
    assert "code" not in error_info_of({"code": None, "type": "t"})
    assert "code" not in error_info_of({"type": "error", "code": {"x": 1}})


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ({"message": "Please try again in 20s."}, 20.0),
        ({"message": "Please try again in 1m2.5s. Visit"}, 62.5),
        ({"message": "Please retry in 340ms"}, 0.34),
        ({"error": {"message": "x", "details": [{"retryDelay": "37s"}]}}, 37.0),
        ({"message": "try again later"}, None),
    ],
)
def test_waits(said: Any, seconds: float | None) -> None:
    assert error_info_of(said).get("retry_after_seconds") == seconds


@pytest.mark.parametrize("said", [None, "", {}, []])
def test_an_error_without_text(said: Any) -> None:
    assert error_message_of(said) == "the provider sent an error without a message"
    assert error_info_of(said)["kind"] == "unknown"


def test_messages_are_one_line_and_bounded() -> None:
    assert error_message_of({"message": "a\n\tb\x1b[31m c"}) == "a b [31m c"
    assert len(error_message_of({"message": "x" * 9999})) == MESSAGE_CHARACTERS
    assert len(error_message_of("x" * 9999)) == 80
    assert len(error_message_of({"odd": "x" * 9999})) == 80


def test_no_key_is_in_the_message_or_the_code() -> None:
    said = {"message": "bad key sk-proj-0123456789abcdef", "code": "sk-proj-0123456789abcdef"}
    assert error_message_of(said) == "bad key ***"
    assert error_info_of(said)["code"] == "***"
    assert error_message_of("sk-proj-0123456789abcdef") == "***"


def test_the_tables_use_known_kinds() -> None:
    used = {*KIND_OF_WORD.values(), *VAGUE_WORDS.values(), *KIND_OF_STATUS.values(), *RETRYABLE_KINDS}
    assert used <= {*ERROR_KINDS}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["error", "message", "code", "type", "status", "detail", "details", "metadata", "raw", "innererror"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(said=JSON, status=st.none() | st.integers(100, 599))
def test_anything_gives_a_legal_error(said: Any, status: int | None) -> None:
    info = error_info_of(said, status=status)
    message = error_message_of(said)
    error(message, error_info={**info, "raw": None}).check()
    assert message
    assert message.isprintable()
    assert len(message) <= MESSAGE_CHARACTERS


@pytest.mark.skipif(not available("openai.chat"), reason=skip_reason("openai.chat"))
def test_recorded_errors_are_understood() -> None:
    seen = 0
    for recording in recordings("openai.chat"):
        if recording.meta["kind"] != "http-error":
            continue
        seen += 1
        said = json.loads(recording.body)
        info = error_info_of(said, status=recording.meta["status"])
        assert info["kind"] != "unknown"
        assert error_message_of(said) == recording.expect["error"]["message"]
    assert seen


def test_an_error_in_a_list_is_read_like_one_without() -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"}]
    error = {"error": {"code": 429, "message": "slow down", "status": "RESOURCE_EXHAUSTED", "details": details}}
    listed, plain = error_info_of([error]), error_info_of(error)
    assert (listed.pop("raw"), plain.pop("raw")) == ([error], error)
    assert listed == plain
    assert (listed["kind"], listed["status"], listed["retry_after_seconds"]) == ("rate_limited", 429, 34.0)
