"""Answers of a Stable Diffusion server."""

import json
from base64 import b64encode
from typing import Any

import pytest

from massgen_stream.errors import MalformedEvent, ProviderError
from massgen_stream.wire.stable_diffusion import answer_of, failure_of

A, B, C = (b64encode(one).decode() for one in (b"a", b"bb", b"ccc"))


def body(images: Any, **info: Any) -> bytes:
    return json.dumps({"images": images, "parameters": {}, "info": json.dumps(info)}).encode()


def test_pictures_and_their_seeds() -> None:
    answer = answer_of(body([A, B], all_seeds=[7, 8], infotexts=["x", "y"], sd_model_name="m", seed=7))
    assert answer.pictures == [b"a", b"bb"]
    assert answer.facts == [
        {"seed": 7, "infotext": "x", "sd_model_name": "m"}, {"seed": 8, "infotext": "y", "sd_model_name": "m"}
    ]  # fmt: skip
    assert answer.others == 0


def test_a_grid_before_them_and_a_map_behind_them_are_left_out() -> None:
    answer = answer_of(body([C, A, B, C], all_seeds=[7, 8], index_of_first_image=1))
    assert (answer.pictures, answer.others) == ([b"a", b"bb"], 2)


@pytest.mark.parametrize("info", [None, "", "rubbish", "[1]", {"all_seeds": "x"}, {"n": 1e999}])
def test_what_is_told_may_be_missing(info: Any) -> None:
    answer = answer_of(json.dumps({"images": [A, f"data:image/png;base64,{B}"], "info": info}).encode())
    assert answer.pictures == [b"a", b"bb"]
    assert len(answer.facts) == 2


@pytest.mark.parametrize("data", [b"<html>", b"[]", b"{}", b'{"images":5}', b'{"images":[5]}', b'{"images":["?"]}'])
def test_what_is_no_answer(data: bytes) -> None:
    with pytest.raises(MalformedEvent):
        answer_of(data)


@pytest.mark.parametrize(
    ("said", "status", "kind", "message"),
    [
        (
            {"error": "HTTPException", "detail": "Sampler not found", "errors": ""},
            404,
            "not_found",
            "Sampler not found",
        ),
        ({"error": "OutOfMemoryError", "detail": "", "errors": "CUDA out of memory"}, 500, "server", "CUDA out of"),
        ({"detail": [{"loc": ["body"], "msg": "Field required"}]}, 422, "invalid_request", "Field required"),
        ({"error": "ValueError"}, 500, "server", "ValueError"),
    ],
)
def test_failures(said: Any, status: int, kind: str, message: str) -> None:
    failure = failure_of(json.dumps(said).encode(), status)
    assert isinstance(failure, ProviderError)
    assert (failure.kind, failure.status, failure.raw) == (kind, status, said)
    assert message in failure.message


@pytest.mark.parametrize("data", [b"", b"<html>", b"{}", b"[]"])
def test_what_says_nothing(data: bytes) -> None:
    assert failure_of(data, 502) is None
