"""A server of all vendors' streams that costs next to nothing: ``python -m benchmarks.wire_server``.

The number of events and the regime are in the model's name: ``20000-back``, ``5000-paced``, ``60000-batched``.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from typing import NamedTuple

PACE_SECONDS = 0.0003
SLOW_SECONDS = 1.0
BATCH = 32
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
_REGIMES = re.compile(rb"(\d+)-(paced|back|batched|slow)")


class Script(NamedTuple):
    """The events of one wire: before the texts, for each text, and after them."""

    first: bytes
    text: bytes
    last: bytes


CHAT = Script(
    b"",
    b'data: {"id":"chatcmpl-B9","object":"chat.completion.chunk","created":1765000000,"model":"bench",'
    b'"service_tier":"default","system_fingerprint":"fp_44709d6fcb","choices":[{"index":0,"delta":{"content":" river"},'
    b'"logprobs":null,"finish_reason":null}]}\n\n',
    b'data: {"id":"chatcmpl-B9","object":"chat.completion.chunk","created":1765000000,"model":"bench","choices":'
    b'[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
)
_RESPONSE = (
    b'{"id":"resp_1","object":"response","created_at":1765000000,"status":"%s","model":"bench","output":[],'
    b'"parallel_tool_calls":true,"tool_choice":"auto","tools":[],"error":null,"incomplete_details":null,'
    b'"instructions":null,"metadata":{},"temperature":1.0,"top_p":1.0%s}'
)
_ITEM = b'{"id":"msg_1","type":"message","status":"%s","content":[],"role":"assistant"}'
_USAGE = (
    b',"usage":{"input_tokens":3,"input_tokens_details":{"cached_tokens":0},"output_tokens":2,'
    b'"output_tokens_details":{"reasoning_tokens":0},"total_tokens":5}'
)


def _named(name: bytes, fields: bytes) -> bytes:
    return b'event: %s\ndata: {"type":"%s",%s}\n\n' % (name, name, fields)


RESPONSES = Script(
    _named(b"response.created", b'"sequence_number":0,"response":' + _RESPONSE % (b"in_progress", b""))
    + _named(b"response.output_item.added", b'"sequence_number":1,"output_index":0,"item":' + _ITEM % b"in_progress")
    + _named(
        b"response.content_part.added",
        b'"sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,'
        b'"part":{"type":"output_text","annotations":[],"logprobs":[],"text":""}',
    ),
    _named(
        b"response.output_text.delta",
        b'"sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"delta":" river","logprobs":[]',
    ),
    _named(b"response.output_item.done", b'"sequence_number":4,"output_index":0,"item":' + _ITEM % b"completed")
    + _named(b"response.completed", b'"sequence_number":5,"response":' + _RESPONSE % (b"completed", _USAGE)),
)
MESSAGES = Script(
    _named(
        b"message_start",
        b'"message":{"id":"msg_1","type":"message","role":"assistant","model":"bench","content":[],"stop_reason":null,'
        b'"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}',
    )
    + _named(b"content_block_start", b'"index":0,"content_block":{"type":"text","text":""}'),
    _named(b"content_block_delta", b'"index":0,"delta":{"type":"text_delta","text":" river"}'),
    _named(b"content_block_stop", b'"index":0')
    + _named(b"message_delta", b'"delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":2}')
    + b'event: message_stop\ndata: {"type":"message_stop"}\n\n',
)
_GEMINI = (
    b'data: {"candidates": [{"content": {"parts": [{"text": " river"}],"role": "model"}%s,"index": 0}],'
    b'"usageMetadata": {"promptTokenCount": 3,"candidatesTokenCount": 2,"totalTokenCount": 5},'
    b'"modelVersion": "bench","responseId": "r1"}\r\n\r\n'
)
GEMINI = Script(b"", _GEMINI % b"", _GEMINI % b',"finishReason": "STOP"')


def script_of(path: bytes) -> Script:
    """Return what a request to *path* is answered with."""
    if b"streamGenerateContent" in path:
        return GEMINI
    if path.endswith(b"/messages"):
        return MESSAGES
    return RESPONSES if path.endswith(b"/responses") else CHAT


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _answer(connection: socket.socket, script: Script, count: int, regime: bytes) -> None:
    connection.sendall(_HEAD + (_chunk(script.first) if script.first else b""))
    pause = {b"paced": PACE_SECONDS, b"slow": SLOW_SECONDS}.get(regime)
    if pause is not None:
        for _ in range(count):
            connection.sendall(_chunk(script.text))
            time.sleep(pause)
    else:
        batch = BATCH if regime == b"batched" else 1
        connection.sendall(_chunk(script.text * batch) * (count // batch))
    connection.sendall(_chunk(script.last) + b"0\r\n\r\n")


def _serve(connection: socket.socket) -> None:
    with connection, contextlib.suppress(ConnectionError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65_536)
        head, _, body = data.partition(b"\r\n\r\n")
        found = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
        while found and len(body) < int(found[1]):
            body += connection.recv(65_536)
        path = head.split(b" ", 2)[1]
        asked = _REGIMES.search(path) or _REGIMES.search(body)
        if asked is not None:
            _answer(connection, script_of(path.partition(b"?")[0]), int(asked[1]), asked[2])


def main() -> None:
    threading.stack_size(256 * 1024)  # thousands of slow streams at once
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            connection, _ = server.accept()
            threading.Thread(target=_serve, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main()
