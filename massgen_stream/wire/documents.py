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
    """By which fields, one of them, a document is known, and what stands around it in an event."""

    fields: tuple[str, ...]
    before: bytes = b""
    after: bytes = b""
    terminator: bytes = b""


_FORMS: Final[Mapping[str, _Form]] = {
    "google.generate_content": _Form(("candidates", "promptFeedback")),
    "google.interactions": _Form(("status",), b'{"event_type":"interaction.completed","interaction":', b"}"),
    "openai.chat": _Form(("choices",), terminator=b"data: [DONE]\n\n"),
    "openai.responses": _Form(("output",), b'{"type":"response.completed","response":', b"}"),
}
"""Wires of which a document is said by one event."""

_BOM: Final = b"\xef\xbb\xbf"
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_items = msgspec.json.Decoder(list[msgspec.Raw]).decode


def stream_of_document(protocol: str, body: bytes) -> bytes:
    """Return an event stream for the decoder of *protocol*; *body* itself if it is no document of that wire.

    A list of documents is said by as many events: Google answers ``streamGenerateContent`` so without ``alt=sse``
    (https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent).

    Args:
        protocol: ``google.generate_content``, ``google.interactions``, ``openai.chat`` or ``openai.responses``.
        body: The whole body of the response.

    Raises:
        UnknownProtocol: Documents of *protocol* are not read so.
    """
    form = _FORMS.get(protocol)
    if form is None:
        raise UnknownProtocol(protocol, tuple(_FORMS))
    body = body.removeprefix(_BOM)
    documents = _documents(body)
    if not documents or not all(_is_of(form, document) for document in documents):
        return body
    events = (encode_event(form.before + document + form.after) for document in documents)
    return b"".join(events) + form.terminator


def _documents(body: bytes) -> list[bytes]:
    """Return the documents of a list, or the one that a body is; none of a list that cannot be read."""
    body = body.strip()
    if not body.startswith(b"["):
        return [body]
    try:
        return [bytes(item) for item in _items(body)]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return []


def _is_of(form: _Form, document: bytes) -> bool:
    try:
        known = _fields(document)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return any(field in known for field in form.fields)
