from __future__ import annotations

import pickle
from typing import Any

import pytest

from massgen_stream import errors
from massgen_stream.errors import MassGenStreamError, excerpt

LONG = "x" * 1000
EVERY: list[MassGenStreamError] = [
    errors.UnknownProvider(LONG, ("groq", "claude")),
    errors.UnknownProtocol("openai", ()),
    errors.ConfigurationError("set base_url to an address"),
    errors.MissingKey("groq", "GROQ_API_KEY"),
    errors.MissingExtra("the simulator", "simulator"),
    errors.InvalidChunk("content", ["content is required"]),
    errors.InvalidMessage("messages[0]", "role is required"),
    errors.UnresolvedMedia("messages[0].content[0]", "read the file first"),
    errors.UnencodableValue(LONG, "no JSON form"),
    errors.MalformedChunk("not JSON", LONG.encode()),
    errors.MalformedEvent("not JSON", LONG),
    errors.EventTooLarge(5),
    errors.Truncated(),
    errors.ProviderError("busy", kind="overloaded", retryable=True),
    errors.JobEnded("the job has expired; begin it again", kind="not_found"),
    errors.TransportError("connection lost"),
    errors.MediaError("too large: 5 of 4 bytes"),
    errors.MediaMismatch("image/png", "text/html"),
    errors.BrokenMedia("it is empty; send one with bytes in it"),
    errors.UnsafeMedia("an archive in an archive"),
    errors.MediaOverLimit(("image of 5 bytes is over max_bytes 4", "image of 9 pixels is over max_pixels 8")),
    errors.UnreachableMedia("GET https://example.com/a.png answered 404", status=404),
    errors.GoneMedia("it was made, and is not there any more; make it again", status=410),
    errors.PrivateAddress("intranet.example", "10.0.0.7", option="allow_private_media", where="messages[0].content[0]"),
]


@pytest.mark.parametrize("error", EVERY, ids=lambda error: type(error).__name__)
def test_an_error_is_one_short_line_and_one_of_ours(error: MassGenStreamError) -> None:
    assert isinstance(error, MassGenStreamError)
    assert str(error)
    assert "\n" not in str(error)
    assert LONG[:100] not in str(error)


@pytest.mark.parametrize("error", EVERY, ids=lambda error: type(error).__name__)
def test_an_error_survives_pickling(error: MassGenStreamError) -> None:
    if isinstance(error, errors.ProviderError | errors.TransportError):
        assert str(pickle.loads(pickle.dumps(error))) == str(error)
        return
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_every_error_is_drawn_in_the_tree() -> None:
    classes = [name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)]
    assert errors.__doc__ is not None
    assert all(f" {name}" in errors.__doc__ for name in classes)
    assert {type(error).__name__ for error in EVERY} == set(classes) - {"MassGenStreamError", "UsageError", "WireError"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\nb\x00", "a b "),
        (b"a\xff", "a�"),
        (bytearray(b"abc"), "abc"),
        (memoryview(b"abc"), "abc"),
        (5, "5"),
        ({"a": [10**5000]}, "{'a': [<huge integer>]}"),
        (ValueError("no"), "no"),
        (None, "None"),
    ],
)
def test_an_excerpt_is_printable(value: Any, text: str) -> None:
    assert excerpt(value) == text


@pytest.mark.parametrize(
    "value", [LONG, LONG.encode(), {LONG: LONG}, [[LONG]] * 100, "é" * 1000, ("é" * 1000).encode()]
)
def test_an_excerpt_is_short(value: Any) -> None:
    assert len(excerpt(value)) <= errors.EXCERPT_CHARACTERS
    assert excerpt("x" * errors.EXCERPT_CHARACTERS) == "x" * errors.EXCERPT_CHARACTERS


def test_an_excerpt_of_what_str_refuses() -> None:
    assert excerpt(10**5000) == "<huge integer>"


def test_an_excerpt_of_what_is_nested_too_deeply() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    assert excerpt(deep) == "[[[[[[[...]]]]]]]"
