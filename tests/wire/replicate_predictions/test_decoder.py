"""Documents of predictions to chunks."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..endpoint_saying import Endpoint, body, types
from ..legality import is_legal
from ..polled_saying import chunks_of_looks, of_all

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
        {"owner": "meta", "name": "llama", "latest_version": {}}, {"id": "39ed", "openapi_schema": {}},
        {"id": "f1", "name": "a.txt", "content_type": "text/plain", "urls": {}}, {"name": "Faces", "slug": "faces"},
        {"results": [look("failed")]}, look(),
    )  # fmt: skip
    assert [chunk.detail for chunk in of_all(found)[:5]] == [
        "model meta/llama", "version 39ed", "file f1", "collection Faces", "list"
    ]  # fmt: skip
    hardware = replicate.decoded(b'[{"name": "CPU", "sku": "cpu"}]')
    assert [chunk.type for chunk in hardware] == ["backend_status", "error", "done"]


def test_looks_at_several_predictions_may_alternate() -> None:
    """As clients look that run predictions at once; the end comes with the last of them."""
    found = looks(
        look("starting", "a"), look("starting", "b"), look("processing", "a", output=["Once"], logs="9%|#| 9/100"),
        look("processing", "b", logs="1%|#| 1/100"),
        look("succeeded", "a", output=["Once", URL], logs="9%|#| 9/100", metrics={"n": 1}),
        look("failed", "b", error="no"),
    )  # fmt: skip
    assert [types(one) for one in found[2:]] == [
        ["media_progress", "content"], ["media_progress"], ["media_progress", "media", "complete_response"],
        ["media_progress", "error", "complete_response", "done"], [],
    ]  # fmt: skip
    told = [chunk for chunk in of_all(found) if chunk.type == "media_progress"]
    assert [chunk.progress_percentage for chunk in told] == [None, None, 9.0, 1.0, 9.0, 1.0]
    assert [chunk.media_id[-1] for chunk in told] == ["0", "1", "0", "1", "0", "1"]
    assert told[4].log is None
    assert replicate.read_again(of_all(found)) == of_all(found)


def piece(name: str, data: str) -> bytes:
    lines = "".join(f"data: {line}\n" for line in data.split("\n"))
    return f"event: {name}\nid: 1690212292:0\n{lines}\n".encode()


END = piece("done", "{}")


def test_the_stream_of_a_prediction() -> None:
    """https://replicate.com/docs/topics/predictions/streaming"""
    events = piece("output", "Once") + piece("output", " upon\n\na time") + piece("logs", "9%|#| 9/100")
    chunks = replicate.decoded(events + piece("output", URL) + piece("output", "") + END + piece("output", "late"))
    assert types(chunks) == ["start", "content", "content", "media_progress", "media", "done"]
    assert [chunk.content for chunk in chunks[1:3]] == ["Once", " upon\n\na time"]
    assert (chunks[3].progress_percentage, chunks[3].log, chunks[4].media_data) == (9.0, "9%|#| 9/100", URL)
    assert chunks[-1].finish_reason == "stop"
    assert replicate.read_again(chunks) == chunks


def test_the_stream_follows_the_document_that_names_it() -> None:
    first = json.dumps(look("starting", urls={"stream": "https://stream.example"})).encode()
    found = of_all(chunks_of_looks(PROTOCOL, [first, piece("output", "Once") + END]))
    assert types(found) == ["start", "media_progress", "content", "done"]
    assert replicate.read_again(found) == found


def test_a_document_after_the_stream_tells_what_is_new() -> None:
    document = look("succeeded", output=["Once", " upon"], logs="seed\n9%|#| 9/100")
    pieces = piece("logs", "seed\n") + piece("output", "Once")
    found = replicate.decoded(body(look("starting")) + pieces + body(document))
    assert [chunk.content for chunk in found if chunk.type == "content"] == ["Once", " upon"]
    assert [chunk.log for chunk in found if chunk.type == "media_progress"] == [None, "seed\n", "9%|#| 9/100"]
    assert replicate.read_again(found) == found


@pytest.mark.parametrize(
    ("events", "kind", "said"),
    [
        (piece("error", '{"detail": "CUDA out of memory"}') + piece("done", '{"reason": "error"}'), "unknown", "CUDA"),
        (piece("error", "no"), "unknown", "no"), (piece("done", '{"reason": "error"}'), "unknown", "does not say why"),
        (piece("done", '{"reason": "canceled"}'), "cancelled", "was canceled"),
        (piece("output", "data:;base64,?") + END, "protocol", "is a data URL that is not base64"),
    ],
)  # fmt: skip
def test_streams_that_fail(events: bytes, kind: str, said: str) -> None:
    chunks = replicate.decoded(piece("output", "Once") + events)
    assert types(chunks) == ["start", "content", "error", "done"]
    assert (chunks[2].error_info["kind"], chunks[3].finish_reason) == (kind, "error")
    assert said in chunks[2].error


def test_a_stream_without_its_end_is_a_cut() -> None:
    assert replicate.decoded(piece("output", "Once"))[-1].finish_reason == "incomplete"


@pytest.mark.parametrize(
    ("document", "kind", "said"),
    [
        (look("failed", error="NSFW content detected. Try running it again."), "content_filter", "NSFW content"),
        (look("failed", error="CUDA out of memory"), "unknown", "CUDA out of memory"),
        (look("failed"), "unknown", "does not say why"), (look("canceled"), "cancelled", "was canceled"),
        (look("aborted"), "timeout", "took too long to begin"),
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
