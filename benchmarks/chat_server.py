"""A chat server that costs next to nothing, in a process of its own: ``python -m benchmarks.chat_server``.

The number of events and the regime are in the model's name: ``20000/back``, ``5000/paced``, ``60000/batched``.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time

PACE_SECONDS = 0.0003
BATCH = 32
_EVENT = (
    b'data: {"id":"chatcmpl-B9","object":"chat.completion.chunk","created":1765000000,"model":"bench",'
    b'"service_tier":"default","system_fingerprint":"fp_44709d6fcb","choices":[{"index":0,"delta":{"content":" river"},'
    b'"logprobs":null,"finish_reason":null}]}\n\n'
)
_LAST = (
    b'data: {"id":"chatcmpl-B9","object":"chat.completion.chunk","created":1765000000,"model":"bench","choices":'
    b'[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
)
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _answer(connection: socket.socket, model: str) -> None:
    count, _, regime = model.partition("/")
    connection.sendall(_HEAD)
    if regime == "paced":
        for _ in range(int(count)):
            connection.sendall(_chunk(_EVENT))
            time.sleep(PACE_SECONDS)
    else:
        batch = BATCH if regime == "batched" else 1
        connection.sendall(_chunk(_EVENT * batch) * (int(count) // batch))
    connection.sendall(_chunk(_LAST) + b"0\r\n\r\n")


def _serve(connection: socket.socket) -> None:
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65_536)
        head, _, body = data.partition(b"\r\n\r\n")
        found = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
        while found and len(body) < int(found[1]):
            body += connection.recv(65_536)
        _answer(connection, json.loads(body)["model"])


def main() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            connection, _ = server.accept()
            threading.Thread(target=_serve, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main()
