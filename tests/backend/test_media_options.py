from pathlib import Path
from typing import Any

import pytest

from massgen_stream.backend import create_backend
from massgen_stream.backend.media_options import MediaOptions
from massgen_stream.errors import ConfigurationError

from .reading import HELLO


def test_the_defaults_upload_and_stay_on_the_public_internet() -> None:
    assert MediaOptions.of({"temperature": 1, "media_policy": None}) == MediaOptions(
        media_policy="upload", allow_private_media=False
    )


def test_what_is_given() -> None:
    found = MediaOptions.of({"media_policy": "fit", "allow_private_media": ["localhost", "10.0.0.0/8"]})
    assert found == MediaOptions(media_policy="fit", allow_private_media=("localhost", "10.0.0.0/8"))


@pytest.mark.parametrize(("given", "found"), [("a", "a"), (Path("a"), "a"), (True, True), (False, False)])
def test_a_cache_is_a_folder_or_the_usual_one(given: Any, found: Any) -> None:
    assert MediaOptions.of({"media_cache": given}).media_cache == found


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"media_policy": "shrink"}, "media_policy must be refuse, fit or upload, not 'shrink'"),
        ({"media_policy": 5}, "media_policy must be"),
        ({"allow_private_media": "localhost"}, "allow_private_media must be true, or a list"),
        ({"allow_private_media": [5]}, "allow_private_media must be true, or a list"),
        ({"media_cache": ""}, "media_cache must be true, or the path of a folder"),
        ({"media_cache": 5}, "media_cache must be true"),
    ],
)
@pytest.mark.parametrize("provider", ["openai", "chatcompletion", "claude", "gemini", "grok"])
def test_mistakes_are_raised_at_the_call(provider: str, options: dict[str, Any], problem: str) -> None:
    backend = create_backend(provider, api_key="k")
    with pytest.raises(ConfigurationError, match=problem):
        backend.stream_with_tools(HELLO, **options)
