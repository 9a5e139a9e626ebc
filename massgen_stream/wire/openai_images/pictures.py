"""Pictures: bytes or an address, with what the vendor says of them."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from msgspec.structs import replace

from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from ..openai_responses.media import FORMATS, image_metadata
from .events import Event, Picture
from .lenient import split_data_url

Data = dict[str, Any]
_PNG: Final = "image/png"
"""The default format (https://platform.openai.com/docs/api-reference/images/create)."""

_ENDINGS: Final = {"png": _PNG, "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif"}


def picture_chunk(media_id: str, said: Picture, event: Event, **partial: Any) -> MultimodalStreamChunk | None:
    """Return the chunk of a picture, None if *said* has none; a data URL becomes MIME type and bytes.

    Args:
        media_id: Its id.
        said: What is said of it.
        event: The event that it is in.
        partial: Fields of a preview.

    Raises:
        MalformedEvent: A data URL holds no data.
    """
    data: Any = said.b64_json
    named = said.media_type or said.mime_type
    if not data:
        data = said.url
        if not data:
            return None
        if data[:5].lower() == "data:":
            mime_type, data = split_data_url(data, "url")
            named = named or mime_type
    return MultimodalStreamChunk(
        type=ChunkType.MEDIA,
        media_id=media_id,
        media_type=MediaType.IMAGE,
        media_encoding=MediaEncoding.BINARY if isinstance(data, bytes) else MediaEncoding.URL,
        media_data=data,
        media_metadata=described_picture(data, named, {"output_format": event.output_format, "size": event.size}),
        text_content=said.revised_prompt or None,
        **partial,
    )


def described_picture(data: bytes | str, named: str | None, form: Data) -> MediaMetadata:
    """Return what is known of a picture: of bytes size and digest too.

    Args:
        data: Its bytes, or its address.
        named: The MIME type that is said of it alone; without one its format counts, then what it looks like.
        form: ``output_format`` and ``size`` (as ``1024x1536``) of all pictures of the event.
    """
    known = image_metadata(data if isinstance(data, bytes) else b"", form)
    if isinstance(data, bytes):
        return replace(known, mime_type=named) if named else known
    mime_type = named or (known.mime_type if form.get("output_format") else _mime_type_of(data))
    return MediaMetadata(mime_type=mime_type, width=known.width, height=known.height)


def form_of(metadata: MediaMetadata | None) -> Data:
    """Return the fields that say a MIME type and dimensions again."""
    if metadata is None:
        return {}
    mime_type = metadata.mime_type
    word = FORMATS.get(mime_type, mime_type.removeprefix("image/"))
    said = {"output_format": word} if mime_type in (f"image/{word}", *FORMATS) else {"media_type": mime_type}
    size = {"size": f"{metadata.width}x{metadata.height}"} if metadata.width and metadata.height else {}
    return {**said, **size}


def _mime_type_of(url: str) -> str:
    """Return the MIME type that the path of an address shows."""
    try:
        path = urlsplit(url).path
    except ValueError:
        path = ""
    return _ENDINGS.get(path.rpartition(".")[2].lower(), _PNG)
