"""How far a Stable Diffusion server is."""

import json
from base64 import b64encode
from typing import Any

import pytest

from massgen_stream.errors import MalformedEvent
from massgen_stream.wire.stable_diffusion import Progress, progress_of

STATE = {"job_count": 1, "job_no": 0, "sampling_step": 5, "sampling_steps": 20, "job_timestamp": "20260101120000"}


def look(pictures: int = 1, **fields: Any) -> Progress:
    state = {**STATE, **{name: fields.pop(name) for name in list(fields) if name in STATE}}
    return progress_of(json.dumps({"progress": 0.26, "eta_relative": 3.5, "state": state, **fields}).encode(), pictures)


def test_one_picture() -> None:
    image = b64encode(b"png").decode()
    assert look(current_image=image) == Progress(True, "20260101120000", 1, 25.0, 3.5, b"png")


def test_a_server_without_work() -> None:
    idle = look(job_count=0, job_timestamp="0")
    assert (idle.is_busy, idle.began, idle.preview) == (False, "0", None)


@pytest.mark.parametrize(
    ("state", "pictures", "expected"),
    [
        ({"job_no": 0, "sampling_step": 10, "job_count": 3}, 3, (1, 50.0)),
        ({"job_no": 2, "sampling_step": 10, "job_count": 3}, 3, (3, 50.0)),
        ({"job_no": 1, "sampling_step": 10, "job_count": 2}, 1, (1, 75.0)),  # the second pass, which makes it larger
        ({"job_no": 3, "sampling_step": 10, "job_count": 4}, 2, (2, 75.0)),
        ({"job_no": 4, "sampling_step": 0, "job_count": 4}, 2, (2, 100.0)),
        ({"job_no": 0, "sampling_step": 40, "job_count": 1}, 1, (1, 100.0)),
    ],
)
def test_several_pictures_and_passes(state: Any, pictures: int, expected: tuple[int, float]) -> None:
    found = look(pictures, **state)
    assert (found.number, found.percentage) == expected


@pytest.mark.parametrize("odd", [None, "5", True, -1, [], float("nan")])
def test_figures_that_cannot_be_used(odd: Any) -> None:
    found = look(sampling_step=odd, sampling_steps=odd, eta_relative=odd, current_image=odd if odd != "5" else None)
    assert (found.percentage, found.eta_seconds, found.preview) == (0.0, None, None)


@pytest.mark.parametrize("data", [b"<html>", b"[]", b'{"progress": 0}', b'{"state": []}'])
def test_what_is_no_progress(data: bytes) -> None:
    with pytest.raises(MalformedEvent):
        progress_of(data, 1)
