"""A server of media whose bytes tell when they were sent: ``python -m benchmarks.media_server``.

It answers OpenAI's Images and Speech endpoints, and ``/film/N`` with N MiB. Where a medium would have its pixels, the
first preview or segment has the monotonic clock's time at which it was sent: on one machine all processes share it.
"""

from __future__ import annotations

import base64
import contextlib
import http.server
import json
import struct
import time
from typing import Final

MIB: Final = 2**20
STAMP: Final = struct.Struct("<d")
_PREVIEW_BYTES: Final = 96 * 1024
_SEGMENT_BYTES: Final = 16 * 1024
_LATER_SECONDS: Final = 0.05


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers one request; every write goes out at once."""

    protocol_version = "HTTP/1.1"
    wbufsize = 0

    def do_POST(self) -> None:
        """Answer a generation: one preview or segment, and after a while the rest, unless nobody waits for it."""
        with contextlib.suppress(ConnectionError):
            self._generate()

    def _generate(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path.endswith("/speech"):
            self._begin("audio/pcm")
            self._chunk(_stamped(_SEGMENT_BYTES))
            time.sleep(_LATER_SECONDS)
            self._chunk(bytes(_SEGMENT_BYTES))
        else:
            self._begin("text/event-stream")
            self._event("image_generation.partial_image", partial_image_index=0)
            time.sleep(_LATER_SECONDS)
            self._event("image_generation.completed")
        self._chunk(b"")

    def do_GET(self) -> None:
        """Answer ``/film/N``."""
        size = int(self.path.rpartition("/")[2])
        self.send_response(200)
        self.send_header("content-type", "video/mp4")
        self.send_header("content-length", str(size * MIB))
        self.end_headers()
        block = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(MIB - 24)
        for _ in range(size):
            self.wfile.write(block)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _begin(self, content_type: str) -> None:
        self.send_response(200)
        self.send_header("content-type", content_type)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def _event(self, name: str, **fields: object) -> None:
        picture = base64.b64encode(_stamped(_PREVIEW_BYTES)).decode()
        document = {"type": name, "b64_json": picture, "created_at": 0, "output_format": "png", **fields}
        self._chunk(f"event: {name}\ndata: {json.dumps(document)}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))


def _stamped(size: int) -> bytes:
    return STAMP.pack(time.monotonic()) + bytes(size - STAMP.size)


def main() -> None:
    """Serve until the process is ended."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
