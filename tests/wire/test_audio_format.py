import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.errors import ConfigurationError
from massgen_stream.wire.audio_format import MAGIC_BYTES, is_text, shown_format, sound_metadata, told_format

PCM = {"mime_type": "audio/pcm", "channels": 1}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("mp3", {"mime_type": "audio/mpeg"}), ("mp3_44100_128", {"mime_type": "audio/mpeg"}),
        ("opus_48000_64", {"mime_type": "audio/ogg"}), ("WAV", {"mime_type": "audio/wav"}),
        ("pcm", {**PCM, "sample_rate": 24_000}), ("pcm_16000", {**PCM, "sample_rate": 16_000}),
        ("ulaw_8000", {"mime_type": "audio/x-mulaw", "channels": 1, "sample_rate": 8000}),
        ("audio/L16;rate=24000", {"mime_type": "audio/L16;rate=24000", "sample_rate": 24_000}),
        ("audio/l16; Rate=8000; channels=2",
         {"mime_type": "audio/l16; Rate=8000; channels=2", "sample_rate": 8000, "channels": 2}),
        ("audio/L16;rate=fast;channels=", {"mime_type": "audio/L16;rate=fast;channels="}),
    ],
)  # fmt: skip
def test_names(name: str, told: dict[str, object]) -> None:
    assert told_format(name) == told


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(ConfigurationError, match="unknown audio format 'midi'; use one of mp3, opus, aac"):
        told_format("midi")


@pytest.mark.parametrize(
    ("head", "mime_type"),
    [
        (b"RIFF\xff\xff\xff\xffWAVE", "audio/wav"), (b"RIFF\x00\x00\x00\x00AVI ", None), (b"ID3\x04", "audio/mpeg"),
        (b"\xff\xfb\x90\xc4", "audio/mpeg"), (b"\xff\xf3\xc4\xc4", "audio/mpeg"), (b"\xff\xfa\x90", "audio/mpeg"),
        (b"\xff\xe3\x90", "audio/mpeg"), (b"\xff\xf1\x50\x80", "audio/aac"), (b"\xff\xf9\x50\x80", "audio/aac"),
        (b"OggS\x00", "audio/ogg"), (b"fLaC\x00", "audio/flac"), (b"\x1aE\xdf\xa3", "audio/webm"),
        (b"\x00\x00\x00\x20ftypM4A ", "audio/mp4"), (b"FORM", "audio/aiff"), (b"caff", "audio/x-caf"),
        (b"\xff\xff\xff\xff", None), (b"\xff\xfb\xf0", None), (b"\xff\xeb\x90", None), (b"\xff\xfe\x00", None),
        (b"\xff\xfb", "audio/mpeg"), (b"\xff", None), (b"", None), (b"\x0b\x00\x0c\x00", None),
    ],
)  # fmt: skip
def test_first_bytes(head: bytes, mime_type: str | None) -> None:
    assert shown_format(head) == mime_type


@given(st.binary(max_size=40))
def test_what_is_shown_follows_from_the_first_bytes_alone(data: bytes) -> None:
    if len(data) >= MAGIC_BYTES:
        assert shown_format(data) == shown_format(data[:MAGIC_BYTES])


def test_what_is_told_counts_where_nothing_is_shown() -> None:
    assert sound_metadata(b"\x00\x01", None).sample_rate == 24_000
    assert sound_metadata(b"\x00\x01", told_format("pcm_8000")).sample_rate == 8000
    assert sound_metadata(b"ID3", told_format("pcm_8000")).sample_rate is None
    assert sound_metadata(b"\x00\x01", told_format("mp3")).mime_type == "audio/mpeg"


@pytest.mark.parametrize(
    "head", [b"", b'{"error":', b"data: {}\r\n", b"\xef\xbb\xbf{", b"<html>\t", "Хватит".encode()[:7], b"plain words"]
)
def test_text(head: bytes) -> None:
    assert is_text(head)


@pytest.mark.parametrize("head", [b"ID3\x04", b"\xff\xf3", b"{\x00", b"\x7f", b"\xc3(", b"RIFF\xff", b"a\x1bb"])
def test_sound(head: bytes) -> None:
    assert not is_text(head)
