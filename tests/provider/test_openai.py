"""What is known of OpenAI's models."""

import pytest

from massgen_stream.provider import providers


@pytest.mark.parametrize("model", ["gpt-4o-mini", "gpt-4o-mini-2024-07-18", "gpt-4o", "gpt-4o-2024-08-06"])
def test_the_end_of_a_model_is_told_with_its_snapshots(model: str) -> None:
    assert "2027-01-14" in (providers()["openai"].retirement(model) or "")


@pytest.mark.parametrize("model", ["gpt-4o-mini-transcribe", "gpt-4o-mini-tts", "gpt-4o-mini-realtime-preview"])
def test_the_end_of_a_model_is_not_that_of_its_relatives(model: str) -> None:
    assert providers()["openai"].retirement(model) is None
