"""A download from a server that may lie, stall, break off or lead elsewhere."""

import asyncio
import time
from typing import Any
from unittest.mock import ANY

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massgen_stream.errors import (
    BrokenMedia,
    MassGenStreamError,
    MediaError,
    MediaMismatch,
    MediaOverLimit,
    TransportError,
    UnreachableMedia,
)
from massgen_stream.media import FetchOptions, MediaSource, UrlOrigin

from .lying_server import DATA, TAG, Plan, Request, Server, serving
from .running import run

PAGE = b"<!DOCTYPE html><html><body>Log in</body></html>"
LOOPBACK: dict[str, Any] = {"allow_private": ("127.0.0.1",), "first_delay_seconds": 0.001}


async def download(server: Server, **options: Any) -> bytes:
    source = MediaSource(UrlOrigin(server.url, FetchOptions(**(LOOPBACK | options))))
    return await source.read()


async def good(request: Request) -> None:
    await request.answer(**TAG)


async def ranged(request: Request) -> None:
    await request.part()


def cut_at(count: int, **headers: object) -> Plan:
    async def plan(request: Request) -> None:
        await request.head(200, content_type="image/png", content_length=len(DATA), **headers)
        await request.body(DATA[:count])

    return plan


def reset_at(count: int) -> Plan:
    async def plan(request: Request) -> None:
        await cut_at(count, **TAG)(request)
        await asyncio.sleep(0.01)
        request.reset()

    return plan


def status(code: int, **headers: object) -> Plan:
    async def plan(request: Request) -> None:
        await request.answer(b"an error", code, content_type="text/plain", **headers)

    return plan


async def refused(expected: type[MassGenStreamError], match: str, *plans: Plan, **options: Any) -> Server:
    async with serving(*plans) as server:
        with pytest.raises(expected, match=match):
            await download(server, max_retries=options.pop("max_retries", 1), **options)
        return server


@pytest.mark.anyio
async def test_it_downloads_and_tells_what_the_server_says() -> None:
    async with serving(good) as server:
        source = MediaSource(UrlOrigin(server.url + "?size=1#part", FetchOptions(**LOOPBACK)))
        assert await source.read() == DATA
        assert (source.mime_type, source.filename, source.size_bytes) == ("image/png", "photo.png", len(DATA))
        assert server.requests[0].path == "/photo.png?size=1"
        assert server.requests[0].headers == {
            "host": ANY,
            "accept": "*/*",
            "accept-encoding": "identity",
        }
        assert await source.read() == DATA
    assert server.open == 0


@pytest.mark.anyio
async def test_looking_at_the_head_does_not_fetch_twice() -> None:
    async with serving(good) as server:
        source = MediaSource(UrlOrigin(server.url, FetchOptions(**LOOPBACK)))
        assert await source.head(20) == DATA[:20]
        assert source.mime_type == "image/png"
        assert await source.read() == DATA
        assert len(server.requests) == 1
        assert await source.read() == await source.read() == DATA
    assert len(server.requests) == 3


@pytest.mark.anyio
async def test_a_body_in_chunks_without_a_length() -> None:
    async def chunked(request: Request) -> None:
        await request.head(content_type="image/png", transfer_encoding="chunked")
        for start in range(0, len(DATA), 30_000):
            piece = DATA[start : start + 30_000]
            await request.body(b"%x\r\n%b\r\n" % (len(piece), piece))
        await request.body(b"0\r\n\r\n")

    async with serving(chunked) as server:
        assert await download(server) == DATA


@settings(max_examples=25)
@given(st.lists(st.integers(0, len(DATA) - 1), max_size=3), st.booleans())
def test_it_resumes_wherever_it_is_cut(cuts: list[int], by_reset: bool) -> None:
    def plan_for(count: int) -> Plan:
        async def plan(request: Request) -> None:
            start = request.start
            end = max(start, count)
            span = f"bytes {start}-{len(DATA) - 1}/{len(DATA)}"
            code, extra = (206, {"content_range": span}) if start else (200, {})
            await request.head(code, content_type="image/png", content_length=len(DATA) - start, **extra, **TAG)
            await request.body(DATA[start:end])
            if by_reset:
                await asyncio.sleep(0.005)
                request.reset()

        return plan

    async def scene() -> None:
        async with serving(*map(plan_for, cuts), plan_for(len(DATA)), plan_for(len(DATA))) as server:
            assert await download(server) == DATA

    run(scene())


@pytest.mark.anyio
async def test_a_resumed_request_asks_for_the_rest_of_the_same_version() -> None:
    async with serving(cut_at(40_000, **TAG), ranged) as server:
        assert await download(server) == DATA
    again = server.requests[1].headers
    assert (again["range"], again["if-range"]) == ("bytes=40000-", '"v1"')


@pytest.mark.anyio
@pytest.mark.parametrize("headers", [{}, {"etag": 'W/"weak"'}, {"last_modified": "Fri, 20 Nov 2026 12:00:00 GMT"}])
async def test_without_a_strong_tag_it_begins_again_and_compares(headers: dict[str, Any]) -> None:
    async with serving(cut_at(40_000, **headers), good) as server:
        assert await download(server) == DATA
    assert "range" not in server.requests[1].headers


@pytest.mark.anyio
async def test_a_server_that_ignores_the_range() -> None:
    async with serving(cut_at(40_000, **TAG), good) as server:
        assert await download(server) == DATA
    assert "range" in server.requests[1].headers


@pytest.mark.anyio
async def test_a_medium_that_changed_is_told() -> None:
    async def changed(request: Request) -> None:
        await request.answer(b"\x00" + DATA[1:], etag='"v2"')

    async def longer(request: Request) -> None:
        await request.answer(DATA + b"x", etag='"v2"')

    await refused(BrokenMedia, "changed", cut_at(40_000, **TAG), changed)
    await refused(BrokenMedia, "changed", cut_at(40_000, **TAG), longer)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("content_range", "problem"),
    [
        (f"bytes 0-{len(DATA) - 1}/{len(DATA)}", "answered from byte 0"),
        (f"bytes 40001-{len(DATA) - 1}/{len(DATA)}", "answered from byte 40001"),
        (f"bytes 40000-{len(DATA) - 1}/{len(DATA) + 7}", "it changed"),
        ("bytes */9", "does not say which"),
        ("pages 1-2/3", "does not say which"),
        ("", "does not say which"),
    ],
)
async def test_a_part_that_was_not_asked_for(content_range: str, problem: str) -> None:
    async def wrong(request: Request) -> None:
        await request.part(content_range=content_range)

    await refused(BrokenMedia, problem, cut_at(40_000, **TAG), wrong)


@pytest.mark.anyio
async def test_a_part_that_ends_early_though_it_is_well_formed() -> None:
    async def short(request: Request) -> None:
        span = f"bytes {request.start}-{len(DATA) - 1}/{len(DATA)}"
        await request.head(206, content_type="image/png", content_range=span, transfer_encoding="chunked", **TAG)
        await request.body(b"3\r\n" + DATA[request.start : request.start + 3] + b"\r\n0\r\n\r\n")

    async with serving(cut_at(40_000, **TAG), short, ranged) as server:
        assert await download(server) == DATA
    assert [request.start for request in server.requests] == [0, 40_000, 40_003]


@pytest.mark.anyio
async def test_a_length_that_never_comes() -> None:
    server = await refused(TransportError, "photo.png", cut_at(40_000))
    assert len(server.requests) == 2
    await refused(TransportError, "failed", reset_at(0))


@pytest.mark.anyio
async def test_more_than_the_length_is_not_read() -> None:
    async def more(request: Request) -> None:
        await request.answer(DATA + b"more", content_length=len(DATA))

    async with serving(more) as server:
        assert await download(server) == DATA


@pytest.mark.anyio
async def test_the_size_is_capped_by_what_is_said_and_by_what_comes() -> None:
    async def unsaid(request: Request) -> None:
        await request.head(content_type="image/png")
        for _ in range(1000):
            await request.body(DATA)

    await refused(MediaOverLimit, "max_bytes 99999", good, max_bytes=99_999)
    await refused(MediaOverLimit, "max_bytes 99999", cut_at(0), max_bytes=99_999)  # before a byte has come
    await refused(MediaOverLimit, "max_bytes 200000", unsaid, max_bytes=200_000)
    async with serving(good) as server:
        assert len(await download(server, max_bytes=len(DATA))) == len(DATA)


@pytest.mark.anyio
async def test_the_type_is_checked() -> None:
    async def page(request: Request) -> None:
        await request.answer(PAGE, content_type="text/html; charset=utf-8")

    async def false(request: Request) -> None:
        await request.answer(PAGE)

    async def silent(request: Request) -> None:
        await request.answer(PAGE, content_type="")

    await refused(MediaMismatch, "image/.*text/html", page, accept=("image/*",))
    await refused(MediaMismatch, "image/png.*text/html", false)
    await refused(MediaMismatch, "image/.*text/html", silent, accept=("image/*",))
    async with serving(false) as server:
        assert (await download(server, check_type=False)).startswith(b"<!DOCTYPE")
    async with serving(good) as server:
        assert await download(server, accept=("audio/*", "image/png")) == DATA
    assert server.requests[0].headers["accept"] == "audio/*, image/png"


@pytest.mark.anyio
async def test_an_encoded_body_is_refused() -> None:
    async def packed(request: Request) -> None:
        await request.answer(content_encoding="gzip")

    await refused(BrokenMedia, "content-encoding 'gzip'", packed)


@pytest.mark.anyio
async def test_an_empty_medium() -> None:
    async def empty(request: Request) -> None:
        await request.answer(b"")

    async with serving(empty) as server:
        assert await download(server) == b""


@pytest.mark.anyio
async def test_statuses_say_whether_to_try_again() -> None:
    for code in (400, 401, 403, 404, 410):
        server = await refused(UnreachableMedia, f"answered {code}", status(code))
        assert len(server.requests) == 1
    for code in (408, 429, 500, 503):
        async with serving(status(code, retry_after=0), good) as server:
            assert await download(server) == DATA
    server = await refused(TransportError, "answered 503", status(503), max_retries=2)
    assert len(server.requests) == 3


@pytest.mark.anyio
async def test_a_wait_that_the_server_asks_for_is_kept() -> None:
    async with serving(status(503, retry_after=1), good) as server:
        began = time.monotonic()
        assert await download(server, first_delay_seconds=0) == DATA
        assert time.monotonic() - began >= 1
    await refused(TransportError, "answered 503", status(503, retry_after=500))
    await refused(TransportError, "answered 503", status(503, retry_after=9), total_timeout=5)


@pytest.mark.anyio
async def test_bytes_that_come_renew_the_patience() -> None:
    steps = [20_000, 40_000, 60_000, 80_000]

    def plan_for(end: int) -> Plan:
        async def plan(request: Request) -> None:
            span = f"bytes {request.start}-{len(DATA) - 1}/{len(DATA)}"
            code, extra = (206, {"content_range": span}) if request.start else (200, {})
            await request.head(code, content_type="image/png", content_length=len(DATA) - request.start, **extra, **TAG)
            await request.body(DATA[request.start : end])

        return plan

    async with serving(*map(plan_for, steps), ranged) as server:
        assert await download(server, max_retries=1) == DATA


@pytest.mark.anyio
async def test_a_stall_is_a_timeout() -> None:
    async def stalled(request: Request) -> None:
        await cut_at(100)(request)
        await asyncio.sleep(30)

    for options in ({"read_timeout": 0.05, "max_retries": 0}, {"total_timeout": 0.1}):
        async with serving(stalled) as server:
            with pytest.raises(TransportError) as caught:
                await download(server, **options)
            assert caught.value.kind == "timeout"
    async with serving(stalled, good) as server:
        assert await download(server, read_timeout=0.05) == DATA


@pytest.mark.anyio
async def test_nobody_there() -> None:
    async with serving(good) as server:
        pass
    with pytest.raises(TransportError, match="failed"):
        await download(server, max_retries=1)


def redirect(target: str, code: int = 302) -> Plan:
    async def plan(request: Request) -> None:
        await request.answer(b"", code, location=target)

    return plan


@pytest.mark.anyio
@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed(code: int) -> None:
    async with serving(redirect("/other.png?a=b", code), good) as server:
        assert await download(server) == DATA
    assert server.requests[1].path == "/other.png?a=b"


@pytest.mark.anyio
@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.2/x",
        "http://[::1]/x",
        "http://169.254.169.254/latest/meta-data",
        "http://10.1.2.3/x",
        "http://[::ffff:192.168.0.1]/x",
        "http://0x7f000002/x",
        "http://2130706434/x",
        "file:///etc/passwd",
        "ftp://example.com/x",
        "http://name:secret@127.0.0.1/x",
        "http://127.0.0.1:99999/x",
    ],
)
async def test_a_redirect_is_held_to_the_same_rules(target: str) -> None:
    async with serving(redirect(target)) as server:
        with pytest.raises(UnreachableMedia) as caught:
            await download(server)
        assert "secret" not in str(caught.value)
        assert len(server.requests) == 1


@pytest.mark.anyio
async def test_redirects_end() -> None:
    server = await refused(UnreachableMedia, "redirects more than 3", redirect("/again"), max_redirects=3)
    assert len(server.requests) == 4


@pytest.mark.anyio
async def test_headers_stay_with_their_host() -> None:
    async with serving(good) as other, serving(redirect(other.url)) as server:
        assert await download(server, headers={"Authorization": "Bearer key"}) == DATA
    assert server.requests[0].headers["authorization"] == "bearer key"
    assert "authorization" not in other.requests[0].headers


@pytest.mark.anyio
async def test_private_addresses_are_refused_by_default() -> None:
    async with serving(good) as server:
        with pytest.raises(UnreachableMedia, match=r"127\.0\.0\.1.*not on the public internet.*allow_private"):
            await MediaSource.of(server.url).read()
        assert await MediaSource(UrlOrigin(server.url, FetchOptions(allow_private=True))).read() == DATA
    assert len(server.requests) == 1


@pytest.mark.anyio
async def test_a_name_is_resolved_once_and_what_it_leads_to_is_checked() -> None:
    asked = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return answers.pop(0)

    async with serving(good) as server:
        port = int(server.url.split(":")[2].split("/")[0])
        url = f"http://photos.example:{port}/a.png"
        answers = [["10.0.0.8", "fe80::1"]]
        with pytest.raises(UnreachableMedia, match=r"photos\.example leads to 10\.0\.0\.8"):
            await MediaSource(UrlOrigin(url, resolve=resolve)).read()
        answers = [["10.0.0.8", "127.0.0.1"], ["10.0.0.8"]]
        options = FetchOptions(allow_private=("127.0.0.0/8",))
        assert await MediaSource(UrlOrigin(url, options, resolve=resolve)).read() == DATA
    assert asked == [("photos.example", port)] * 2
    assert server.requests[0].headers["host"] == f"photos.example:{port}"


@pytest.mark.anyio
async def test_a_name_that_leads_nowhere() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    origin = UrlOrigin("http://photos.example/a", FetchOptions(max_retries=0), resolve=resolve)
    with pytest.raises(TransportError, match="Name or service not known"):
        await MediaSource(origin).read()


@pytest.mark.anyio
async def test_errors_do_not_tell_the_query() -> None:
    async with serving(status(404)) as server:
        server.url += "?signature=secret"
        with pytest.raises(UnreachableMedia) as caught:
            await download(server)
    assert "secret" not in str(caught.value)
    assert caught.value.status == 404


@pytest.mark.anyio
async def test_leaving_early_closes_the_connection() -> None:
    async def endless(request: Request) -> None:
        await request.head(content_type="image/png")
        while True:
            await request.body(DATA)
            await asyncio.sleep(0)

    async with serving(endless) as server:
        chunks = MediaSource(UrlOrigin(server.url, FetchOptions(**LOOPBACK))).chunks(1000)
        await anext(chunks)
        await chunks.aclose()
        async with asyncio.timeout(10):
            await server.idle.wait()


@pytest.mark.parametrize("options", [{"accept": "image/*"}, {"allow_private": "localhost"}, {"max_bytes": -1}])
def test_options_that_make_no_sense(options: dict[str, Any]) -> None:
    with pytest.raises(MediaError):
        FetchOptions(**options)
