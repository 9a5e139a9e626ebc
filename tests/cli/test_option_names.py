"""Errors name the options of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from massgen_stream.cli.option_names import error_in_options, in_options, options_named
from massgen_stream.errors import ConfigurationError, MediaError, MissingKey, UnresolvedMedia
from massgen_stream.stream_chunk import narrow

from .commands import KEYS, run_here


@pytest.mark.parametrize(
    ("command", "text", "told"),
    [
        ("media", "of openai's making; name it with backend_type", "of openai's making; name it with --provider"),
        ("media", "is a file; give it as output_path", "is a file; give it as --output"),
        ("media", "input_images[0]: cannot read 'a.bmp'", "--image: cannot read 'a.bmp'"),
        ("media", "mask_mode user_provided needs a mask_path", "mask_mode user_provided needs a --mask"),
        ("media", "no 'mask_path' here, and no my_mask_path", "no 'mask_path' here, and no my_mask_path"),
        ("media", "cannot read out/mask_path", "cannot read out/mask_path"),
        ("chat", "or pass media_policy='upload' or 'fit'", "or pass --option media_policy=upload or 'fit'"),
        ("chat", "media_policy='fit' for video needs", "--option media_policy=fit for video needs"),
        ("chat", "allow it with allow_private_media", "allow it with --option allow_private_media=true"),
        ("transcribe", "allow it with allow_private of FetchOptions", "allow it with --private"),
        ("decode", "give it as output_path", "give it as output_path"),
    ],
)
def test_names(command: str, text: str, told: str) -> None:
    assert in_options(command, text) == told


def test_errors_stay_what_they_are_unless_they_name_an_argument() -> None:
    for problem in (MissingKey("x", "X_KEY"), ValueError("output_path")):
        with pytest.raises(type(problem)) as caught, options_named("media"):
            raise problem
        assert caught.value is problem
    with pytest.raises(MediaError, match=r"^--output is"), options_named("media"):
        raise MediaError("output_path is")
    with pytest.raises(ConfigurationError, match=r"^x: pass --option media_policy=fit$"), options_named("chat"):
        raise UnresolvedMedia("x", "pass media_policy='fit'")


def test_of_chunks_only_errors_are_translated() -> None:
    for chunk in (narrow.content("output_path"), narrow.done("stop")):
        assert error_in_options("media", chunk) is chunk
    told = error_in_options("media", narrow.error("name it with backend_type"))
    assert getattr(told, "error", None) == "name it with --provider"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--mask", "m.png", "a"], "--mask needs an image that is changed: give --image"),
        (["--base-url", "http://127.0.0.1:9", "a"], "api_key and --base-url belong to one generator; name it with --p"),
        (["--out", "file", "a"], "--out 'file' is a file; name a folder, or give it as --output"),
        (["--output", "/", "a"], "--output '/' is a folder; name a file, or give it as --out"),
    ],
)
def test_media(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], told: str
) -> None:
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    ran = run_here(capsys, "media", *words)
    assert (ran.code, ran.out, told in ran.err) == (2, "", True)
