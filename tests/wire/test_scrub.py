import pytest

from massgen_stream.wire.scrub import scrub, scrub_value


@pytest.mark.parametrize(
    "key",
    [
        "sk-proj-abcDEF123456_-xyz",
        "sk-ant-api03-AAAAAAAAAAAA",
        "sk-or-v1-0123456789abcdef",
        "sk-abc***************wxyz",
        "gsk_0123456789abcdefghij",
        "xai-0123456789abcdef",
        "AIzaSyA0123456789abcdefghijk",
        "hf_abcdefghijklmnop",
        "eyJhbGciOiJIUzI1NiIs.eyJzdWIi.abc",
    ],
)
def test_what_looks_like_a_key_goes(key: str) -> None:
    assert scrub(f"bad key: {key}, sorry") == "bad key: ***, sorry"


def test_a_bearer_header_goes() -> None:
    assert scrub("Authorization: Bearer abcdef0123456789==") == "Authorization: Bearer ***"


@pytest.mark.parametrize("text", ["the task-force met", "disk-usage-too-high-now", "sk-learn", "model xai-grok", "eyJ"])
def test_what_does_not_stays(text: str) -> None:
    assert scrub(text) == text


def test_given_secrets_go_wherever_they_are() -> None:
    assert scrub("a=hunter22&b=hunter22", "hunter22") == "a=***&b=***"
    assert scrub("x marks the spot", "x", None, "") == "x marks the spot"


def test_values_are_scrubbed_all_through_and_not_changed() -> None:
    value = {"a": ["hunter22", {"b": "hunter22!"}], "n": 1, "none": None, "t": ("hunter22",)}
    clean = {"a": ["***", {"b": "***!"}], "n": 1, "none": None, "t": ["***"]}
    assert scrub_value(value, "hunter22") == clean
    assert value["a"] == ["hunter22", {"b": "hunter22!"}]
