import pytest

from massgen_stream.wire.openai_transcription.subtitles import cues_of


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_subrip(end: str) -> None:
    text = "1\n00:00:00,000 --> 00:00:04,800\nThe\nfox\n\n\n2\n01:02:03,004 --> 99:59:59,999\njumps"
    assert cues_of(text.replace("\n", end)) == [
        {"id": "1", "start": 0.0, "end": 4.8, "text": "The\nfox"},
        {"id": "2", "start": 3723.004, "end": 359_999.999, "text": "jumps"},
    ]


def test_webvtt() -> None:
    text = (
        "WEBVTT - title\nKind: captions\n\nNOTE a note\n\nintro\n00:01.500 --> 00:02.000 align:start line:0\n"
        "<v.loud Fred Flint>Hello <i>you</i>, 1 < 2</v>\n\n00:02.000 --> 00:03.000\n\nSTYLE\n::cue {}\n"
    )
    assert cues_of(text) == [
        {"id": "intro", "start": 1.5, "end": 2.0, "text": "Hello you, 1 < 2", "speaker": "Fred Flint"},
        {"start": 2.0, "end": 3.0, "text": ""},
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "words", "1\n2\n00:00:00,000 --> 00:00:01,000", "00:00 --> 00:01\nx"])
def test_what_is_no_cue(text: str) -> None:
    assert cues_of(text) == []
