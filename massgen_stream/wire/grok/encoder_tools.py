"""Calls of tools and their outputs as xAI's messages hold them."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Any, Final

from ...stream_chunk.formatter.grok.enums import CLIENT_SIDE, status_of_word, type_of_tool
from ...stream_chunk.kinds import MediaEncoding, MediaType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from .encoder_outputs import own_data
from .images import PROTOCOL, data_url, image_output

Data = dict[str, Any]
_MINTED: Final = re.compile(r"-tool-\d+\Z")
_IMAGE_TYPE: Final = "TOOL_CALL_TYPE_IMAGE_GENERATION_TOOL"
_COMPLETED: Final = "TOOL_CALL_STATUS_COMPLETED"


def client_call(call: Data) -> Data:
    """Return the wire form of a complete call of a client's tool."""
    data = call.get("provider_data")
    own = data.get(PROTOCOL) if isinstance(data, dict) else None
    function = {"name": call["name"], "arguments": call["arguments"]}
    return {**(own if isinstance(own, dict) else {}), "id": call["id"], "type": CLIENT_SIDE, "function": function}


def server_tool_call(chunk: TextStreamChunk) -> Data | None:
    """Return the wire form of a call that xAI runs; None for a tool or a status that it does not have."""
    raw = own_data(chunk).get("tool_call")
    if isinstance(raw, dict):
        return raw
    call_type, status = type_of_tool(chunk.tool_name or ""), status_of_word(chunk.status)
    if call_type is None or status is None:
        return None
    function = {"name": chunk.tool_name, "arguments": chunk.arguments or "{}"}
    return {"id": chunk.tool_call_id, "type": call_type, "status": status, "function": function}


def tool_delta(chunk: TextStreamChunk, content: str, encrypted: str) -> Data:
    """Return the delta in which a tool says *content*, and the same in encrypted form."""
    own = own_data(chunk)
    calls = own.get("tool_calls")
    if not isinstance(calls, list):
        call = server_tool_call(chunk)
        done = {"status": "TOOL_CALL_STATUS_FAILED" if chunk.is_error else _COMPLETED}
        calls = [call | done] if call is not None else [{"id": chunk.tool_call_id, **done}]
    return {"role": "ROLE_TOOL", "content": content, "tool_calls": calls, "encrypted_content": encrypted}


def with_image(content: str, at: int, medium: MultimodalStreamChunk) -> str:
    """Return the output of a tool with the URL of its image back in place."""
    mime_type = medium.media_metadata.mime_type if medium.media_metadata else "image/jpeg"
    return content[:at] + data_url(mime_type, medium_bytes(medium) or b"") + content[at:]


def medium_bytes(medium: MultimodalStreamChunk) -> bytes | None:
    """Return the bytes of a whole image; None where there are none."""
    if medium.media_type is not MediaType.IMAGE or medium.is_partial or medium.media_data is None:
        return None
    if medium.media_encoding is MediaEncoding.BINARY:
        return bytes(medium.media_data)
    if medium.media_encoding is not MediaEncoding.BASE64:
        return None
    try:
        return b64decode(medium.media_data, validate=True)
    except ValueError:
        return None


def image_delta(medium: MultimodalStreamChunk) -> Data | None:
    """Return the delta of a tool that has made an image; None for another medium."""
    data = medium_bytes(medium)
    if data is None:
        return None
    mime_type = medium.media_metadata.mime_type if medium.media_metadata else "image/jpeg"
    uuid = own_data(medium).get("image_uuid")
    function = {"name": "imagine_text_to_image", "arguments": "{}"}
    call = {"id": f"call-{medium.media_id}", "type": _IMAGE_TYPE, "status": _COMPLETED, "function": function}
    content = image_output(data, mime_type, uuid if isinstance(uuid, str) else str(medium.media_id or "image"))
    return {"role": "ROLE_TOOL", "content": content, "tool_calls": [call]}
