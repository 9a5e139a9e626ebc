"""A plain client against the API of AUTOMATIC1111's web UI, which has no SDK."""

import asyncio
import io
import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from PIL import Image

from massgen_stream.simulator import Simulator
from massgen_stream.simulator.answers.picture import png

pytestmark = pytest.mark.anyio
API = "/sdapi/v1"


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator() as sim:
        yield sim


@pytest.fixture
async def client(sim: Simulator) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=f"{sim.url('stable_diffusion')}{API}") as client:
        yield client


def seen(encoded: str) -> tuple[int, int]:
    with Image.open(io.BytesIO(b64decode(encoded))) as image:
        image.load()
        return image.size


async def test_pictures_without_anybody_looking(client: httpx2.AsyncClient) -> None:
    answer = (
        await client.post("/txt2img", json={"prompt": "x", "n_iter": 2, "seed": 5, "width": 64, "height": 48})
    ).json()
    assert [seen(one) for one in answer["images"]] == [(64, 48)] * 2
    assert json.loads(answer["info"])["all_seeds"] == [5, 6]
    assert answer["parameters"]["seed"] == 5


async def test_progress_grows_with_each_look(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/progress")).json()["state"]["job_count"] == 0
    asked = asyncio.ensure_future(client.post("/txt2img", json={"prompt": "x", "width": 64, "height": 64}))
    looks: list[Any] = []
    while not asked.done():
        looks.append((await client.get("/progress")).json())
    mine = [look for look in looks if look["state"]["job_count"]]
    assert [look["progress"] for look in mine] == sorted(look["progress"] for look in mine)
    assert len({look["current_image"] for look in mine if look["current_image"]}) == 3
    assert {seen(look["current_image"]) for look in mine if look["current_image"]} == {(64, 64)}
    assert len((await asked).json()["images"]) == 1


async def test_an_interrupted_picture_stays_as_it_is(client: httpx2.AsyncClient) -> None:
    asked = asyncio.ensure_future(client.post("/txt2img", json={"prompt": "x", "width": 64, "height": 64}))
    while not (await client.get("/progress", params={"skip_current_image": "true"})).json()["state"]["job_count"]:
        pass
    await client.post("/interrupt")
    (blurred,) = (await asked).json()["images"]
    assert b64decode(blurred) != png(64, 64)


async def test_one_after_the_other(client: httpx2.AsyncClient) -> None:
    both = [asyncio.ensure_future(client.post("/txt2img", json={"prompt": "x"})) for _ in range(2)]
    counts = []
    while not all(one.done() for one in both):
        counts.append((await client.get("/progress")).json()["state"]["job_timestamp"])
    assert len({one for one in counts if one != "0"}) == 2


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/txt2img", {"sampler_name": "Magic"}, 404, "Sampler not found"),
        ("/txt2img", {"steps": "many"}, 422, "steps: Input should be a valid integer"),
        ("/txt2img", {"width": 4096, "height": 64}, 500, "CUDA out of memory"),
        ("/img2img", {"prompt": "x"}, 404, "Init image not found"),
        ("/img2img", {"init_images": ["?"]}, 500, "Invalid encoded image"),
        ("/img2img", {"init_images": [b64encode(png(8, 8)).decode()], "mask": "?"}, 500, "Invalid encoded image"),
    ],
)
async def test_what_is_refused(client: httpx2.AsyncClient, path: str, body: Any, status: int, said: str) -> None:
    answer = await client.post(path, json=body)
    assert answer.status_code == status
    assert said in answer.text


async def test_samplers(client: httpx2.AsyncClient) -> None:
    assert "Euler a" in [one["name"] for one in (await client.get("/samplers")).json()]


async def test_a_user_and_a_password() -> None:
    key = b64encode(b"me:secret").decode()
    async with Simulator(api_key=key) as sim, httpx2.AsyncClient() as client:
        url = f"{sim.url('stable_diffusion')}{API}/progress"
        assert (await client.get(url)).status_code == 401
        assert (await client.get(url, auth=("me", "secret"))).status_code == 200


async def test_a_server_that_speaks_slowly() -> None:
    async with Simulator(delay=0.001) as sim, httpx2.AsyncClient() as client:
        answer = await client.post(f"{sim.url('stable_diffusion')}{API}/txt2img", json={"width": 8, "height": 8})
    assert len(answer.json()["images"]) == 1


async def test_faults() -> None:
    async with Simulator(faults="error") as sim, httpx2.AsyncClient() as client:
        answer = await client.post(f"{sim.url('stable_diffusion')}{API}/txt2img", json={"prompt": "x"})
        assert (answer.status_code, answer.json()["error"]) == (500, "RuntimeError")
