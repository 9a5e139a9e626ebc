"""Google's Files API: https://ai.google.dev/gemini-api/docs/files. Files are forgotten after 48 hours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..errors import ProviderError, excerpt
from ..stream_chunk.formatter.google_generate_content.media import file_reference
from .file_endpoint import FileEndpoint, Outgoing, Stored
from .limits import StreamLimits

_PROVIDER: Final = "gemini"
_MOST_NAME_CHARACTERS: Final = 512
"""Of a display name (``google.genai.types.File``)."""


def files_transport(base_url: str | None, limits: StreamLimits) -> dict[str, Any]:
    """Return the ``http_options`` of calls about files: where they go, and how long one may take."""
    timeout = None if limits.read_timeout is None else max(1, round(limits.read_timeout * 1000))
    given = {"timeout": timeout, "base_url": base_url}
    return {"http_options": {name: value for name, value in given.items() if value is not None}}


async def _send(sdk: Any, file: Outgoing, transport: Mapping[str, Any]) -> Stored:
    config = {"mime_type": file.mime_type, "display_name": file.filename[:_MOST_NAME_CHARACTERS]}
    try:
        found = await sdk.aio.files.upload(file=file.content, config={**config, **_fresh(transport)})
    except (KeyError, ValueError) as problem:  # how the SDK says that an answer is none of the protocol
        why = f"the upload to {_PROVIDER} did not end as its protocol says: {excerpt(problem)}"
        raise ProviderError(why, provider=_PROVIDER, kind="protocol") from None
    return _stored(found)


async def _look(sdk: Any, stored: Stored, transport: Mapping[str, Any]) -> Stored:
    return _stored(await sdk.aio.files.get(name=_name(stored.file_id), config=_fresh(transport)))


async def _delete(sdk: Any, file_id: str, transport: Mapping[str, Any]) -> None:
    await sdk.aio.files.delete(name=_name(file_id), config=_fresh(transport))


def _name(file_id: str) -> str:
    """Return the name of a file whose address may be its id; the SDK would lose what follows a dash in it."""
    _, mark, name = file_id.rpartition("/files/")
    return f"files/{name}" if mark else file_id


def _fresh(transport: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy: the SDK writes its headers into what it is given."""
    return {name: dict(value) for name, value in transport.items()}


def _stored(found: Any) -> Stored:
    state = getattr(found.state, "name", None)
    if state == "FAILED":
        reason = excerpt(getattr(found.error, "message", None) or "it does not say why")
        why = f"{_PROVIDER} could not process the file: {reason}"
        raise ProviderError(why, provider=_PROVIDER, kind="media", code=getattr(found.error, "code", None))
    ends = found.expiration_time
    return Stored(
        file_reference(found.name or "", found.uri or ""),
        None if ends is None else ends.timestamp(),
        is_ready=state != "PROCESSING",
    )


GEMINI_FILES: Final = FileEndpoint(_send, _delete, has_expiry=False, look=_look)
