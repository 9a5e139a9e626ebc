"""Documents of predictions to chunks."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream import wire
from massgen_stream.testing.cuts import cuts, decode
from massgen_stream.testing.wires_polled import prediction_wires

from ..endpoint_saying import Endpoint, body, types
from ..polled_saying import chunks_of_looks, is_legal, of_all

PROTOCOL = "replicate.predictions"
replicate = Endpoint(PROTOCOL)
PNG = "data:image/png;base64,QUJD"
URL = "https://replicate.delivery/a/out-0.webp?x=1"


def look(status: str = "processing", prediction_id: str = "p", **fields: Any) -> dict[str, Any]:
    return {"id": prediction_id, "status": status, **fields}


def looks(*documents: dict[str, Any]) -> list[list[Any]]:
    found = chunks_of_looks(PROTOCOL, [json.dumps(document).encode() for document in documents])
    assert is_legal(of_all(found))
    return found


@given(prediction_wires(), st.data())
def test_any_cut_gives_equal_legal_chunks(data: bytes, chance: st.DataObject) -> None:
    chunks = replicate.decoded(data)
    assert decode(wire.decoder(PROTOCOL), chance.draw(cuts(data))) == chunks


@given(st.lists(st.sampled_from([look(), look("starting"), look(output=[URL, PNG]), look("succeeded")]), max_size=4))
def test_a_stream_of_documents_says_what_the_looks_do(documents: list[dict[str, Any]]) -> None:
    assert replicate.decoded(body(*documents)) == of_all(looks(*documents))


def test_a_prediction_and_its_media() -> None:
    urls = {"get": "https://api.replicate.com/v1/predictions/p"}
    first, second, third, last = looks(
        look("starting", model="stability-ai/sdxl", urls=urls, logs=""),
        look(logs="seed\n 50%|#| 1/2\n", output=[URL]),
        look("succeeded", logs="seed\n 50%|#| 1/2\n100%|#| 2/2\n", output=[URL, PNG], metrics={"predict_time": 2.5}),
    )
    assert [(chunk.type, chunk.model, chunk.response_id) for chunk in first[:1]] == [
        ("start", "stability-ai/sdxl", "p")
    ]
    assert (first[1].stage, first[1].job) == ("queued", {"id": "p", "status": "starting", "urls": urls})
    assert (second[0].progress_percentage, second[0].log, second[0].stage) == (50.0, "seed\n 50%|#| 1/2\n", "running")
    assert (second[1].media_type, second[1].media_encoding, second[1].media_data) == ("image", "url", URL)
    assert second[1].media_metadata.mime_type == "image/webp"
    progress, medium, response, done = third
    assert (progress.log, progress.progress_percentage) == ("100%|#| 2/2\n", 100.0)
    assert (medium.media_data, medium.media_metadata.mime_type, medium.media_metadata.size_bytes) == (
        b"ABC",
        "image/png",
        3,
    )
    assert [chunk.media_id for chunk in (second[0], second[1], progress, medium)] == [
        "p-output-0", "p-output-0", "p-output-1", "p-output-1"
    ]  # fmt: skip
    assert response.response == {"id": "p", "status": "succeeded", "metrics": {"predict_time": 2.5}}
    assert (done.finish_reason, last) == ("stop", [])


@pytest.mark.parametrize(
    ("output", "found"),
    [
        ("https://a.example/film.mp4", ["video"]), ("https://a.example/x", ["file"]),
        ({"image": PNG, "mask": [URL]}, ["image", "image"]), (["Once", " upon", ""], ["Once", " upon"]),
        ("https://", ["https://"]), ("data: no", ["data: no"]), (5, []), ("data:,a%20b", ["file"]),
    ],
)  # fmt: skip
def test_outputs(output: Any, found: list[str]) -> None:
    chunks: list[Any] = of_all(looks(look("succeeded", output=output)))
    told = [
        getattr(chunk, "content", None) or chunk.media_type for chunk in chunks if chunk.type in ("media", "content")
    ]
    assert told == found


def test_logs_and_percentages() -> None:
    found = looks(look(logs=" 80%|#| 8/10\n"), look(logs="anew\n 20%|#| 2/10\n"), look(logs=None), look(logs="anew\n"))
    told = [chunk for chunk in of_all(found) if chunk.type == "media_progress"]
    assert [chunk.progress_percentage for chunk in told] == [80.0] * 4  # a second bar begins anew, the medium does not
    assert [chunk.log for chunk in told] == [" 80%|#| 8/10\n", "anew\n 20%|#| 2/10\n", None, "anew\n"]


def test_another_prediction_makes_other_media() -> None:
    found = of_all(looks(look(prediction_id="a", logs="9%|#| 9/100"), look(prediction_id="b", logs="1%|#| 1/100")))
    told = [chunk for chunk in found if chunk.type == "media_progress"]
    assert [(chunk.media_id, chunk.progress_percentage) for chunk in told] == [("a-output-0", 9.0), ("a-output-1", 1.0)]


def test_what_was_looked_up_before() -> None:
    found = looks(
        {"owner": "meta", "name": "llama", "latest_version": {}}, {"id": "39ed", "openapi_schema": {}}, look()
    )
    assert [chunk.detail for chunk in of_all(found)[:2]] == ["model meta/llama", "version 39ed"]


@pytest.mark.parametrize(
    ("document", "kind", "said"),
    [
        (look("failed", error="NSFW content detected. Try running it again."), "content_filter", "NSFW content"),
        (look("failed", error="CUDA out of memory"), "unknown", "CUDA out of memory"),
        (look("failed"), "unknown", "does not say why"), (look("canceled"), "cancelled", "was canceled"),
        (look("aborted"), "unknown", "took too long to begin"),
        ({"title": "Unauthenticated", "detail": "No token", "status": 401}, "authentication", "No token"),
    ],
)  # fmt: skip
def test_failures(document: dict[str, Any], kind: str, said: str) -> None:
    chunks: list[Any] = of_all(looks(look("starting"), document))
    (error,) = (chunk for chunk in chunks if chunk.type == "error")
    assert (error.error_info["kind"], chunks[-1].finish_reason) == (kind, "error")
    assert said in error.error


def test_a_job_that_was_left_is_a_cut() -> None:
    assert types(of_all(looks(look()))) == ["start", "media_progress", "error", "done"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (json.dumps(look(output="data:image/png;base64,?")).encode(), "malformed_event"),
        (b'{"id":"p","st', "truncated"),
        (b'{"x":1}', "not_a_stream"), (b"<html>", "not_a_stream"),
    ],
)  # fmt: skip
def test_what_cannot_be_read(data: bytes, code: Any) -> None:
    error, done = replicate.decoded(data)
    assert (error.error_info["code"], done.type) == (code, "done")
    assert replicate.read_again([error, done]) == [error, done]


def test_other_fields_are_dropped_and_named() -> None:
    chunks = replicate.decoded(json.dumps(look("succeeded", logs=5, model=[], urls="x")).encode())
    assert [chunk.detail for chunk in chunks if chunk.type == "backend_status"] == ["logs", "model", "urls"]
