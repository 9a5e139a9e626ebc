import json

import pytest

from massgen_stream.simulator.engine import Engine
from massgen_stream.simulator.ops import Close, Head, Op, Wait
from massgen_stream.simulator.scripts import text
from massgen_stream.stream_chunk.base import BaseStreamChunk

from .exchange import body_of, decoded, exchange, head_of, header, json_of, said

ABC = [text("a"), text("b"), text("c")]


def faulty(fault: str, *, stream: bool = True, usage: bool = False) -> list[Op]:
    return exchange(Engine(ABC, fault, clock=lambda: 5.0), stream=stream, stream_options={"include_usage": usage})


def error_of(chunks: list[BaseStreamChunk]) -> dict[str, object]:
    return next(chunk.to_dict() for chunk in chunks if chunk.type == "error")


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
@pytest.mark.parametrize("stream", [True, False])
def test_status(status: int, stream: bool) -> None:
    ops = faulty(f"{status};retry_after=2;message=no", stream=stream)
    assert head_of(ops).status == status
    assert header(ops, "retry-after") == "2"
    assert json_of(ops)["error"]["message"] == "no"


def test_error_event() -> None:
    chunks = decoded(faulty("error;after=1;message=no;code=overloaded"))
    assert said(chunks) == "a"
    assert error_of(chunks)["error"] == "no"
    assert chunks[-1].to_dict()["finish_reason"] == "error"
    assert said(decoded(faulty("error;after=99"))) == "abc"
    assert said(decoded(faulty("error;after=0"))) == ""
    assert head_of(faulty("error", stream=False)).status == 500


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("after", [0, 1, 100, 301, 10**6])
@pytest.mark.parametrize("how", ["end", "close", "reset"])
def test_cut(stream: bool, after: int, how: str) -> None:
    whole = body_of(faulty("slow;delay=0", stream=stream))
    ops = faulty(f"cut;after={after};how={how}", stream=stream)
    assert body_of(ops) == whole[:after]
    assert isinstance(ops[0], Head)
    assert ops[-1] == Close(how)  # type: ignore[arg-type]


def test_slow() -> None:
    ops = faulty("slow;delay=0.25;size=2")
    pieces = [op for op in ops if isinstance(op, bytes)]
    assert max(map(len, pieces)) == 2
    assert ops.count(Wait(0.25)) == len(pieces)
    assert said(decoded(ops)) == "abc"


def test_malformed() -> None:
    chunks = decoded(faulty("malformed;after=1"))
    assert said(chunks) == "a"
    assert error_of(chunks)["error_info"]["kind"] == "protocol"  # type: ignore[index]
    assert b'"c"' in body_of(faulty("malformed;after=1"))  # the server goes on
    with pytest.raises(json.JSONDecodeError):
        json_of(faulty("malformed", stream=False))


@pytest.mark.parametrize(("kind", "start"), [("html", b"<!doctype"), ("json", b"{")])
def test_body(kind: str, start: bytes) -> None:
    ops = faulty(f"{kind};code=502")
    assert head_of(ops).status == 502
    assert kind in (header(ops, "content-type") or "")
    assert body_of(ops).startswith(start)
    assert b'"c"' not in body_of(ops)


def test_silence() -> None:
    assert faulty("silence") == [Wait(None)]
    ops = faulty("silence;after=40")
    assert isinstance(ops[0], Head)
    assert len(body_of(ops)) == 40
    assert ops[-1] == Wait(None)


def test_huge() -> None:
    chunks = decoded(faulty("huge;size=70000"))
    assert said(chunks) == "a" + "x" * 70000 + "bc"


def test_comments() -> None:
    ops = faulty("comments")
    assert body_of(ops).count(b": keep-alive\n\n") == body_of(ops).count(b"data: ")
    assert said(decoded(ops)) == "abc"
    assert json_of(faulty("comments", stream=False))


def test_no_end() -> None:
    ops = faulty("no_end")
    assert b"[DONE]" not in body_of(ops)
    assert decoded(ops)[-1].to_dict()["finish_reason"] == "stop"


def test_double_usage() -> None:
    body = body_of(faulty("double_usage", usage=True))
    assert body.count(b'"usage":') == 2
    assert b'"usage":' not in body_of(faulty("double_usage"))
    assert json_of(faulty("double_usage", stream=False))["usage"]["total_tokens"]
