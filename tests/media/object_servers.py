"""Servers that speak as much of Google's and Azure's object storage as a media store asks for, as its library asks.

https://cloud.google.com/storage/docs/xml-api/overview and
https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET = "bucket"
ACCOUNT = "account"
_RANGE = re.compile(r"bytes=(\d+)-(\d+)")
_DELETED = re.compile(rb"DELETE (\S+) HTTP/1.1")


class Object(NamedTuple):
    """A stored object."""

    data: bytes
    mime_type: str

    @property
    def tag(self) -> str:
        return f'"{md5(self.data, usedforsecurity=False).hexdigest()}"'


class ObjectServer(ThreadingHTTPServer):
    """What is stored, and what was asked for.

    Attributes:
        objects: By key.
        parts: Of objects that are not complete, by upload or key, and number or block.
        asked: Method and path of every request, with what tells operations apart.
    """

    daemon_threads = True

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.objects: dict[str, Object] = {}
        self.parts: dict[str, dict[str, bytes]] = {}
        self.types: dict[str, str] = {}
        self.asked: list[str] = []
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """What both have in common."""

    server: ObjectServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def handle_one(self) -> None:
        parts = urlsplit(self.path)
        self.key = unquote(parts.path).removeprefix(self.root()).removeprefix("/")
        self.query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        self.body = self.rfile.read(int(self.headers.get("content-length") or 0))
        with self.server.lock:
            self.server.asked.append(f"{self.command} {self.key} {' '.join(sorted(self.query))}".strip())
            if not self.is_allowed():
                self.answer(403)
                return
            self.respond()

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_one  # noqa: N815 - the library's names

    def root(self) -> str:
        raise NotImplementedError

    def is_allowed(self) -> bool:
        raise NotImplementedError

    def respond(self) -> None:
        raise NotImplementedError

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content_length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def get(self) -> None:
        found = self.server.objects.get(self.key)
        if found is None:
            self.answer(404)
            return
        headers = {"etag": found.tag, "last_modified": formatdate(usegmt=True), "content_type": found.mime_type}
        asked = _RANGE.fullmatch(self.headers.get("range") or "")
        if asked is None:
            self.answer(200, found.data, accept_ranges="bytes", **headers)
            return
        start, end = int(asked[1]), min(int(asked[2]) + 1, len(found.data))
        if start >= len(found.data):
            self.answer(416, content_range=f"bytes */{len(found.data)}")
            return
        span = f"bytes {start}-{end - 1}/{len(found.data)}"
        self.answer(206, found.data[start:end], content_range=span, **headers)

    def store(self, data: bytes, mime_type: str) -> Object:
        found = self.server.objects[self.key] = Object(data, mime_type)
        return found


class GoogleHandler(Handler):
    """The XML API of Google Cloud Storage."""

    def root(self) -> str:
        return f"/{BUCKET}"

    def is_allowed(self) -> bool:
        signed = {"X-Goog-Signature", "X-Goog-Expires"} <= self.query.keys() and self.command == "GET"
        return signed or len(self.headers.get("authorization", "").removeprefix("Bearer ")) > 10

    def respond(self) -> None:
        if self.command in ("GET", "HEAD"):
            self.list() if "list-type" in self.query else self.get()
        elif "uploadId" in self.query and self.command == "DELETE":
            self.answer(204 if self.server.parts.pop(self.query["uploadId"], None) is not None else 404)
        elif self.command == "DELETE":
            self.answer(204 if self.server.objects.pop(self.key, None) else 404)
        elif self.command == "POST":
            self.begin() if "uploads" in self.query else self.complete()
        elif "partNumber" in self.query:
            self.server.parts[self.query["uploadId"]][self.query["partNumber"].zfill(5)] = self.body
            self.answer(200, etag=f'"{len(self.body)}"')
        elif "x-goog-copy-source" in self.headers:
            self.copy()
        else:
            self.answer(200, etag=self.store(self.body, self.headers.get("content-type", "")).tag)

    def begin(self) -> None:
        upload = f"upload{len(self.server.parts)}"
        self.server.parts[upload] = {}
        self.server.types[upload] = self.headers.get("content-type", "")
        xml = f"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
        self.answer(200, xml.encode())

    def complete(self) -> None:
        upload = self.query["uploadId"]
        parts = self.server.parts.pop(upload)
        assert self.body.count(b"<Part>") == len(parts)
        found = self.store(b"".join(parts[number] for number in sorted(parts)), self.server.types[upload])
        xml = f"<CompleteMultipartUploadResult><ETag>{escape(found.tag)}</ETag></CompleteMultipartUploadResult>"
        self.answer(200, xml.encode())

    def copy(self) -> None:
        source = unquote(self.headers["x-goog-copy-source"]).removeprefix(f"{BUCKET}/")
        found = self.server.objects.get(source)
        if found is None:
            self.answer(404)
            return
        self.store(*found)
        self.answer(200, b"<CopyObjectResult/>")

    def list(self) -> None:
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
            f"<ETag>{escape(found.tag)}</ETag><Size>{len(found.data)}</Size></Contents>"
            for key, found in sorted(self.server.objects.items())
            if key.startswith(self.query.get("prefix", ""))
        )
        self.answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode())


class AzureHandler(Handler):
    """Azure Blob Storage."""

    def root(self) -> str:
        return f"/{ACCOUNT}/{BUCKET}"

    def is_allowed(self) -> bool:
        signed = {"sig", "se", "sp"} <= self.query.keys() and self.query["sp"] == "r" and self.command == "GET"
        return signed or self.headers.get("authorization", "").startswith(f"SharedKey {ACCOUNT}:")

    def respond(self) -> None:
        if self.query.get("comp") == "batch":
            self.delete_several()
        elif self.command in ("GET", "HEAD"):
            self.list() if self.query.get("comp") == "list" else self.get()
        elif self.query.get("comp") == "block":
            self.server.parts.setdefault(self.key, {})[self.query["blockid"]] = self.body
            self.answer(201)
        elif self.query.get("comp") == "blocklist":
            blocks = re.findall(r"<(?:Uncommitted|Latest)>([^<]+)<", self.body.decode())
            parts = self.server.parts.pop(self.key, {})
            found = self.store(
                b"".join(parts[block] for block in blocks), self.headers.get("x-ms-blob-content-type", "")
            )
            self.answer(201, etag=found.tag)
        elif "x-ms-copy-source" in self.headers:
            self.copy()
        else:
            self.answer(400)

    def copy(self) -> None:
        source = unquote(urlsplit(self.headers["x-ms-copy-source"]).path).removeprefix(self.root() + "/")
        found = self.server.objects.get(source)
        if found is None:
            self.answer(404)
            return
        self.store(*found)
        self.answer(202, x_ms_copy_status="success", x_ms_copy_id="1")

    def delete_several(self) -> None:
        keys = [unquote(path.decode()).removeprefix(self.root() + "/") for path in _DELETED.findall(self.body)]
        lines = []
        for number, key in enumerate(keys):
            status = "202 Accepted" if self.server.objects.pop(key, None) else "404 The specified blob does not exist."
            lines += ["--answers", "Content-Type: application/http", f"Content-ID: {number}", ""]
            lines += [f"HTTP/1.1 {status}", "x-ms-request-id: 1", "", ""]
        body = "\r\n".join([*lines, "--answers--", ""]).encode()
        self.answer(202, body, content_type="multipart/mixed; boundary=answers")

    def list(self) -> None:
        rows = "".join(
            f"<Blob><Name>{escape(key)}</Name><Properties><Last-Modified>Thu, 01 Jan 2026 00:00:00 GMT</Last-Modified>"
            f"<Etag>{escape(found.tag)}</Etag><Content-Length>{len(found.data)}</Content-Length>"
            f"<Content-Type>{found.mime_type}</Content-Type></Properties></Blob>"
            for key, found in sorted(self.server.objects.items())
            if key.startswith(self.query.get("prefix", ""))
        )
        self.answer(200, f"<EnumerationResults><Blobs>{rows}</Blobs><NextMarker/></EnumerationResults>".encode())


@contextmanager
def serving(handler: type[Handler]) -> Iterator[ObjectServer]:
    """Run a server for the time of the block."""
    with ObjectServer(handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
