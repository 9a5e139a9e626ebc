import pytest

from massgen_stream.errors import ConfigurationError, UnknownProvider
from massgen_stream.generation.transcription.hosts import TRANSCRIPTION_HOSTS, host_of, open_provider


@pytest.mark.parametrize(
    ("provider", "base_url", "name"),
    [
        (None, None, "openai"),
        (None, "http://127.0.0.1:1/v1", "chatcompletion"),
        ("openai", "http://127.0.0.1:1/v1", "openai"),
        ("simulator", None, "simulator"),
        ("elevenlabs", None, "elevenlabs"),
        ("gemini", "http://127.0.0.1:1", "gemini"),
    ],
)
def test_who_does_it(provider: str | None, base_url: str | None, name: str) -> None:
    spec, host = host_of(provider, base_url, {})
    assert (spec.name, host) == (name, TRANSCRIPTION_HOSTS[name])


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"GEMINI_API_KEY": "k"}, "gemini"),
        ({"GOOGLE_API_KEY": "k", "ELEVENLABS_API_KEY": "k"}, "elevenlabs"),
        ({"ELEVENLABS_API_KEY": "k", "OPENAI_API_KEY": "k"}, "openai"),
        ({"OPENAI_API_KEY": " ", "ELEVENLABS_API_KEY": "k"}, "elevenlabs"),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1", "ELEVENLABS_API_KEY": "k"}, "openai"),
    ],
)
def test_the_first_one_whose_key_is_set(environ: dict[str, str], name: str) -> None:
    assert open_provider(environ) == name
    assert host_of(None, None, environ)[0].name == name
    assert host_of("openai", None, environ)[0].name == "openai"
    assert open_provider({}) is None


def test_who_does_not() -> None:
    with pytest.raises(ConfigurationError, match="'groq' transcribes nothing here; use one of openai, chatcomp"):
        host_of("groq", None, {})
    with pytest.raises(UnknownProvider, match="nobody"):
        host_of("nobody", None, {})


def test_every_model_that_is_chosen_can_do_it() -> None:
    for host in TRANSCRIPTION_HOSTS.values():
        for form, model in host.by_format.items():
            assert form in (host.rule(model).formats or ())


@pytest.mark.parametrize(
    "model",
    ["whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe-2025-12-15", "gpt-4o-transcribe-diarize"],
)
def test_models_that_end(model: str) -> None:
    assert "2027-02-26" in (TRANSCRIPTION_HOSTS["openai"].retirement(model) or "")


@pytest.mark.parametrize("model", ["gpt-transcribe", "gpt-transcribe-2", "whisper-large-v3", "simulator"])
def test_models_that_stay(model: str) -> None:
    assert TRANSCRIPTION_HOSTS["openai"].retirement(model) is None
