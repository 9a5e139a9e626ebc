"""A plain client against Replicate's API, as its documentation uses it."""

import io
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from PIL import Image

from massgen_stream.media import probe
from massgen_stream.simulator import Simulator

pytestmark = pytest.mark.anyio
MODEL = "/v1/models/stability-ai/sdxl/predictions"


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"authorization": "Bearer r8_test"}
    async with (
        Simulator(api_key="r8_test") as sim,
        httpx2.AsyncClient(base_url=sim.url("replicate"), headers=headers) as client,
    ):
        yield client


async def ended(client: httpx2.AsyncClient, prediction: Any) -> list[Any]:
    """Return every document until the prediction has ended."""
    found = [prediction]
    while found[-1]["status"] in ("starting", "processing"):
        found.append((await client.get(prediction["urls"]["get"])).json())
    return found


async def test_a_prediction(client: httpx2.AsyncClient) -> None:
    begun = (
        await client.post(MODEL, json={"input": {"prompt": "x", "width": 64, "height": 32, "num_outputs": 2}})
    ).json()
    looks = await ended(client, begun)
    assert [look["status"] for look in looks] == ["starting", "starting", *["processing"] * 3, "succeeded"]
    assert looks[3]["logs"].splitlines()[0] == "Using seed: 5"
    assert [look["logs"].count("%|") for look in looks] == [0, 0, 2, 3, 4, 5]
    pictures = [(await client.get(url)).content for url in looks[-1]["output"]]
    assert [Image.open(io.BytesIO(one)).size for one in pictures] == [(64, 32)] * 2


async def test_a_film(client: httpx2.AsyncClient) -> None:
    given = {"prompt": "x", "duration": 3, "resolution": "480p", "aspect_ratio": "16:9"}
    begun = (await client.post("/v1/predictions", json={"version": "bytedance/seedance-2.0", "input": given})).json()
    film = await client.get((await ended(client, begun))[-1]["output"])
    assert (await probe(film.content)).metadata.duration_seconds == 3


async def test_a_canceled_prediction(client: httpx2.AsyncClient) -> None:
    begun = (await client.post(MODEL, json={"input": {"prompt": "x"}})).json()
    assert (await client.post(begun["urls"]["cancel"])).json()["status"] == "canceled"
    assert (await ended(client, begun))[-1]["status"] == "canceled"


@pytest.mark.parametrize(
    ("version", "status", "said"),
    [
        ("error;message=Broken", "failed", "Broken"),
        ("error;code=nsfw", "failed", "NSFW"),
        ("error;code=aborted", "aborted", ""),
    ],
)
async def test_predictions_that_fail(client: httpx2.AsyncClient, version: str, status: str, said: str) -> None:
    begun = (await client.post("/v1/predictions", json={"version": version, "input": {}})).json()
    last = (await ended(client, begun))[-1]
    assert last["status"] == status
    assert said in (last["error"] or "")


async def test_an_upload(client: httpx2.AsyncClient) -> None:
    answer = (await client.post("/v1/files", files={"content": ("a.png", b"png", "image/png")})).json()
    assert (answer["size"], answer["content_type"], answer["name"]) == (3, "image/png", "a.png")
    assert {"etag", "checksums", "metadata", "created_at"} <= answer.keys()  # its own clients want them
    assert answer["urls"]["get"].endswith(answer["id"])
    assert (await client.post("/v1/files", content=b"x")).status_code == 422


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (MODEL, {}, 422), ("/v1/predictions", {"input": {}}, 422), (MODEL, {"input": {"image": "nowhere"}}, 422),
        (MODEL, {"input": {"num_outputs": 9}}, 422), ("/v1/predictions", {"version": "429", "input": {}}, 429),
        ("/v1/predictions/none/cancel", None, 404), ("/v1/predictions", {"version": "typo", "input": {}}, 400),
    ],
)  # fmt: skip
async def test_what_is_refused(client: httpx2.AsyncClient, path: str, body: Any, status: int) -> None:
    answer = await client.post(path, json=body)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.json()["title"]


async def test_without_a_key(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/v1/predictions/x", headers={"authorization": ""})
    assert (answer.status_code, answer.json()["title"]) == (401, "Unauthenticated")
    assert (await client.get("/media/nothing.png")).status_code == 404


async def test_the_data_of_a_prediction_is_removed_after_an_hour() -> None:
    now = [0.0]
    async with Simulator(clock=lambda: now[0]) as sim, httpx2.AsyncClient(base_url=sim.url("replicate")) as client:
        begun = (await client.post(MODEL, json={"input": {"prompt": "x"}})).json()
        last = (await ended(client, begun))[-1]
        assert (last["data_removed"], (await client.get(last["output"][0])).status_code) == (False, 200)
        now[0] = 3600.0
        found = (await client.get(begun["urls"]["get"])).json()
        assert (found["status"], found["data_removed"], found["output"], found["input"]) == (
            "succeeded",
            True,
            None,
            {},
        )
        assert (await client.get(last["output"][0])).status_code == 404
        assert (await client.get("/v1/predictions/none")).status_code == 404


async def test_only_files_that_were_given_are_read() -> None:
    now = [0.0]
    async with Simulator(clock=lambda: now[0]) as sim, httpx2.AsyncClient(base_url=sim.url("replicate")) as client:
        files = {"content": ("a.png", b"png", "image/png")}
        first, second = [(await client.post("/v1/files", files=files)).json() for _ in range(2)]
        assert (first["created_at"], first["expires_at"]) == ("1970-01-01T00:00:00Z", "1970-01-02T00:00:00Z")

        async def begun(place: str) -> int:
            return (await client.post(MODEL, json={"input": {"prompt": "x", "image": place}})).status_code

        places = [first["urls"]["get"], second["urls"]["get"], "https://example.org/a.png"]
        assert [await begun(place) for place in places] == [200, 200, 200]
        await client.delete(first["urls"]["get"])
        assert [await begun(place) for place in places] == [422, 200, 200]
        now[0] = 86_400.0
        assert [await begun(place) for place in places] == [422, 422, 200]
        assert (await client.get(second["urls"]["get"])).status_code == 404
