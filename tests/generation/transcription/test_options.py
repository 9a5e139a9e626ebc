from typing import Any

import pytest

from massgen_stream.errors import ConfigurationError
from massgen_stream.generation.transcription.hosts import TRANSCRIPTION_HOSTS
from massgen_stream.generation.transcription.options import wish_of

OPENAI, SIMULATOR = (TRANSCRIPTION_HOSTS[name] for name in ("openai", "simulator"))


@pytest.mark.parametrize(
    ("options", "model", "fields"),
    [
        ({}, "gpt-transcribe", {}),
        ({"prompt": None, "language": None}, "gpt-transcribe", {}),
        ({"language": "pt-BR", "keywords": "Ada"}, "gpt-transcribe", {"language": "pt-BR", "keywords": ["Ada"]}),
        ({"languages": ("de", "en")}, "gpt-transcribe", {"languages": ["de", "en"]}),
        (
            {"speakers": True},
            "gpt-4o-transcribe-diarize",
            {"response_format": "diarized_json", "chunking_strategy": "auto"},
        ),
        (
            {"words": True},
            "whisper-1",
            {"response_format": "verbose_json", "timestamp_granularities": ["word", "segment"]},
        ),
        (
            {"timestamp_granularities": ["segment"]},
            "whisper-1",
            {"response_format": "verbose_json", "timestamp_granularities": ["segment"]},
        ),
        ({"response_format": "srt"}, "whisper-1", {"response_format": "srt"}),
        ({"words": False, "speakers": False, "stream": True}, "gpt-transcribe", {}),
    ],
)
def test_fields(options: dict[str, Any], model: str, fields: dict[str, Any]) -> None:
    given = dict(options)
    wish = wish_of(OPENAI, None, options)
    assert (wish.model, wish.fields, wish.more, wish.transport) == (model, fields, {}, {})
    assert (wish.chosen is None) == (model == "gpt-transcribe")
    assert options == given


def test_a_model_that_is_named_stays() -> None:
    wish = wish_of(OPENAI, "gpt-transcribe", {"words": True})
    assert (wish.model, wish.chosen) == ("gpt-transcribe", None)
    assert wish_of(SIMULATOR, None, {"speakers": True}).model == "simulator"


def test_what_the_sdk_does_not_know_goes_along() -> None:
    wish = wish_of(OPENAI, None, {"hotwords": ["a"], "extra_body": {"x": 1}, "extra_headers": {"X-A": "b"}})
    assert (wish.fields, wish.more) == ({}, {"hotwords": ["a"], "x": 1})
    assert wish.transport == {"extra_headers": {"X-A": "b"}}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"model": ""}, "model must be the id"),
        ({"language": "English please"}, "language must be a code such as 'en'"),
        ({"languages": ["en", ""]}, "languages must be a list of texts"),
        ({"languages": ["en"], "language": "de"}, "both given"),
        ({"keywords": 3}, "keywords must be a list of texts"),
        ({"prompt": 3}, "prompt must be a text"),
        ({"temperature": True}, "temperature must be a number from 0 to 1"),
        ({"response_format": "docx"}, "one of json, verbose_json, diarized_json, text, srt, vtt"),
        ({"timestamp_granularities": ["sentence"]}, "one of word, segment"),
        ({"words": True, "response_format": "json"}, "words needs response_format 'verbose_json'"),
        ({"timestamp_granularities": ["word"], "response_format": "srt"}, "timestamp_granularities needs"),
        ({"words": "yes"}, "words must be true or false"),
        ({"words": True, "speakers": True}, "ask for one of them"),
        ({"speakers": True, "response_format": "text"}, "speakers needs response_format 'diarized_json'"),
        ({"chunking_strategy": "vad"}, "chunking_strategy must be 'auto'"),
        ({"chunking_strategy": {"type": "server_vad", "loudness": 1}}, "any of prefix_padding_ms"),
        ({"known_speaker_names": ["a"]}, "belong together"),
        ({"known_speaker_names": list("abcde"), "known_speaker_references": [b""] * 5}, "at most 4"),
        ({"known_speaker_references": "data:,"}, "must be a list of recordings"),
        ({"include": ["tokens"]}, "one of logprobs"),
        ({"include": ["logprobs"]}, "gpt-transcribe does not take include"),
        ({"include": ["logprobs"], "model": "whisper-1"}, "whisper-1 does not take include"),
        ({"include": ["logprobs"], "words": True}, "needs response_format 'json'"),
        ({"model": "whisper-1", "keywords": ["a"]}, "whisper-1 does not take keywords"),
        ({"model": "whisper-1", "speakers": True}, "whisper-1 has no response_format 'diarized_json'"),
        ({"model": "gpt-4o-mini-transcribe", "words": True}, "it has: json"),
        ({"speakers": True, "prompt": "a"}, "gpt-4o-transcribe-diarize does not take prompt"),
        ({"timeout": 3}, "use connect_timeout"),
        ({"stream": False}, "stream=False is not possible"),
        ({"hotwords": {1, 2}}, "hotwords cannot be sent"),
    ],
)
def test_what_cannot_be(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        wish_of(OPENAI, options.pop("model", None), options)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_models_do_take() -> None:
    wish_of(OPENAI, "gpt-4o-transcribe", {"include": ["logprobs"], "prompt": "a"})
    wish_of(OPENAI, "whisper-1", {"words": True, "prompt": "a", "temperature": 1})
    wish_of(OPENAI, "one-of-mine", {"include": ["logprobs"], "keywords": ["a"]})
