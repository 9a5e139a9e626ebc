"""Addresses as they may be shown."""

import pytest

from massgen_stream.cli.address import public_address


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://api.groq.com/openai/v1", "https://api.groq.com/openai/v1"),
        ("http://user:secret@host:8000/v1?key=secret#secret", "http://host:8000/v1"),
        ("http://a@b@host/", "http://host/"),
        ("http://[broken", "(an address that cannot be read)"),
    ],
)
def test_nothing_secret_is_shown(url: str, shown: str) -> None:
    assert public_address(url) == shown
