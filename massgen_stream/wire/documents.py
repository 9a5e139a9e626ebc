"""Answers that come as one JSON document, because no stream was asked for, as the event stream that says the same.

Media endpoints have decoders that read either. The chat wires are streams, and a JSON body is an error there; this is
for callers who asked for a document, as of a picture that Gemini or the Responses API makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from ..errors import UnknownProtocol
from .sse_encoder import encode_event


class _Form(msgspec.Struct):
    """By which field a document is known, and what stands around it in an event."""

    field: str
    before: bytes = b""
    after: bytes = b""
    terminator: bytes = b""


_FORMS: Final[Mapping[str, _Form]] = {
    "google.generate_content": _Form("candidates"),
    "google.interactions": _Form("status", b'{"event_type":"interaction.completed","interaction":', b"}"),
    "openai.chat": _Form("choices", terminator=b"data: [DONE]\n\n"),
    "openai.responses": _Form("output", b'{"type":"response.completed","response":', b"}"),
}
"""Wires of which a document is said by one event."""

_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def stream_of_document(protocol: str, body: bytes) -> bytes:
    """Return an event stream for the decoder of *protocol*; *body* itself if it is no document of that wire.

    Args:
        protocol: ``google.generate_content``, ``google.interactions``, ``openai.chat`` or ``openai.responses``.
        body: The whole body of the response.

    Raises:
        UnknownProtocol: Documents of *protocol* are not read so.
    """
    form = _FORMS.get(protocol)
    if form is None:
        raise UnknownProtocol(protocol, tuple(_FORMS))
    try:
        known = form.field in _fields(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        known = False
    if not known:
        return body
    return encode_event(form.before + body.strip() + form.after) + form.terminator
