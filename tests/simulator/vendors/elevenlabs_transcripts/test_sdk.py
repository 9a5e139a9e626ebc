"""ElevenLabs' own SDK against the simulator's transcripts."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from elevenlabs.core.api_error import ApiError

from massgen_stream.simulator import Simulator

from ....generation.elevenlabs import KEY, sdk
from ....media.files import audio_file

pytestmark = pytest.mark.anyio
SPEECH = ("speech.wav", audio_file("wav", 0.5, rate=16000), "audio/wav")


async def written(client: Any, **more: Any) -> Any:
    once = {"max_retries": 0}
    return await client.speech_to_text.convert(
        **{"model_id": "scribe_v2", "file": SPEECH, "request_options": once, **more}
    )


async def test_text_and_words() -> None:
    async with Simulator(api_key=KEY) as sim, sdk(sim) as client:
        told = await written(client)
    assert "You sent 0.50 seconds of audio/wav at 16000 hertz on 1 channel, " in told.text
    assert told.text.endswith(f"{len(SPEECH[1])} bytes in a file called speech.wav.")
    assert "".join(word.text for word in told.words) == told.text
    assert {word.type for word in told.words} == {"word", "spacing"}
    assert (told.words[0].start, told.words[-1].end, told.audio_duration_secs) == (0.0, 0.5, 0.5)
    assert [word.speaker_id for word in told.words] == [None] * len(told.words)
    assert told.language_code == "eng"


async def test_speakers_a_language_and_no_words() -> None:
    async with Simulator() as sim, sdk(sim) as client:
        told = await written(client, diarize=True, language_code="deu")
        bare = await written(client, timestamps_granularity="none")
    speakers = [word.speaker_id for word in told.words]
    assert speakers == sorted(speakers)
    assert set(speakers) == {"speaker_0", "speaker_1"}
    assert told.language_code == "deu"
    assert (bare.words, bare.text) == ([], told.text)


async def test_what_is_refused() -> None:
    async with Simulator(faults=["429"], api_key=KEY) as sim, sdk(sim) as client:
        for more, status, words in (
            ({}, 429, "too_many_concurrent_requests"),
            ({"model_id": "whisper-1"}, 400, "invalid_model_id"),
            ({"file": None}, 422, "file"),
        ):
            with pytest.raises(ApiError) as raised:
                await written(client, **more)
            assert (raised.value.status_code, words in str(raised.value.body)) == (status, True)
        headers = {"xi-api-key": KEY}
        async with httpx.AsyncClient(headers=headers) as http:
            url = f"{sim.url('elevenlabs')}/v1/speech-to-text"
            assert (await http.post(url, json={"model_id": "scribe_v2"})).status_code == 422
            headers["content-type"] = "multipart/form-data; boundary=x"
            broken = await http.post(url, content=b"--y", headers=headers)
            assert (broken.status_code, "Could not parse the form" in broken.text) == (400, True)
