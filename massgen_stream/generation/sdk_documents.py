"""Requests of OpenAI's SDK that are answered by one small document: jobs that are begun, looked at and deleted.

Its own methods for videos warn that they are deprecated, and cannot send a reference by its id; requests go through the
SDK's client itself, which authenticates them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

from ..backend.sdk_client import SDKClient
from ..backend.turn import Turn
from .form_file import FormFile
from .sdk_answers import Headers

_FORM = {"Content-Type": "multipart/form-data"}


class Document(NamedTuple):
    """An answer.

    Attributes:
        body: Its bytes.
        headers: Its headers.
    """

    body: bytes
    headers: Headers


class Documents:
    """One host's documents.

    Args:
        client: See `massgen_stream.generation.openai_sdk.opened`.
        turn: The attempt.
    """

    def __init__(self, client: SDKClient, turn: Turn) -> None:
        self._client, self._turn = client, turn

    @property
    def base_url(self) -> str:
        """Address of the host, without a slash at its end."""
        return str(self._client.sdk.base_url).rstrip("/")

    async def get(self, path: str) -> Document:
        """Return what is at *path*."""
        return await self._sent("get", path)

    async def delete(self, path: str) -> Document:
        """Delete what is at *path*, and return what is said of it."""
        return await self._sent("delete", path)

    async def post(
        self, path: str, body: Mapping[str, Any], files: Sequence[tuple[str, FormFile]] | None = None
    ) -> Document:
        """Send *body*, and return the answer.

        Args:
            path: Where to.
            body: JSON values.
            files: With their names; None: the body goes as JSON, else as a form.
        """
        if files is None:
            return await self._sent("post", path, body=body)
        sent = [(name, (file.filename, file.data, file.mime_type)) for name, file in files]
        return await self._sent("post", path, body=body, files=sent, headers=_FORM)

    async def _sent(self, method: str, path: str, *, headers: Headers | None = None, **request: Any) -> Document:
        given = self._client.with_headers({})["extra_headers"]
        options = {"headers": {**given, **(headers or {})}, "timeout": self._client.timeout(self._turn.limits)}
        response_type = import_module("httpx2").Response  # loaded, since the client is open
        send = getattr(self._client.sdk, method)
        response = await send(path, cast_to=response_type, options=options, **request)
        self._turn.take_headers(response.headers)
        return Document(response.content, response.headers)
