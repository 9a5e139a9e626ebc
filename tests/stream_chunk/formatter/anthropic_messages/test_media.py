from base64 import b64encode
from typing import Any

import pytest

from massgen_stream.errors import UnresolvedMedia
from massgen_stream.stream_chunk.formatter import MessagesFormatter

from ..places import told
from .sdk import sdk_messages

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)
PNG64 = b64encode(PNG).decode()
PDF = b64encode(b"%PDF-1.7").decode()
TEXT = b64encode("Grüße".encode()).decode()
PLACE = "messages[0].content[0]"


def sent(part: dict[str, Any]) -> tuple[Any, list[tuple[str, str]]]:
    payload, losses = MessagesFormatter().format_messages([{"role": "user", "content": [part]}])
    if not payload.messages:
        return None, told(losses)
    sdk_messages(payload)
    (block,) = payload.messages[0]["content"]
    return block, told(losses)


def image(**source: Any) -> dict[str, Any]:
    return {"type": "image", "source": source}


def document(**source: Any) -> dict[str, Any]:
    return {"type": "document", "source": source}


@pytest.mark.parametrize(
    ("part", "block"),
    [
        ({"type": "image", "url": "https://e.com/a"}, image(type="url", url="https://e.com/a")),
        ({"type": "image", "file_id": "file_1"}, image(type="file", file_id="file_1")),
        ({"type": "image", "data": PNG}, image(type="base64", media_type="image/png", data=PNG64)),
        ({"type": "image", "base64": PNG64}, image(type="base64", media_type="image/png", data=PNG64)),
        ({"type": "image", "base64": "AAAA"}, image(type="base64", media_type="image/jpeg", data="AAAA")),
        ({"type": "file", "data": PNG}, image(type="base64", media_type="image/png", data=PNG64)),
        (
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG64}"}},
            image(type="base64", media_type="image/png", data=PNG64),
        ),
        ({"type": "document", "url": "https://e.com/a.pdf"}, document(type="url", url="https://e.com/a.pdf")),
        ({"type": "document", "file_id": "file_1"}, document(type="file", file_id="file_1")),
        ({"type": "file", "file_id": "file_1"}, document(type="file", file_id="file_1")),
        ({"type": "document", "base64": PDF}, document(type="base64", media_type="application/pdf", data=PDF)),
        (
            {"type": "document", "base64": TEXT, "mime_type": "text/plain", "filename": "a.txt"},
            {**document(type="text", media_type="text/plain", data="Grüße"), "title": "a.txt"},
        ),
        (
            {"type": "file", "file": {"filename": "a.pdf", "file_data": f"data:application/pdf;base64,{PDF}"}},
            {**document(type="base64", media_type="application/pdf", data=PDF), "title": "a.pdf"},
        ),
    ],
)
def test_blocks(part: dict[str, Any], block: dict[str, Any]) -> None:
    assert sent(part) == (block, [])


@pytest.mark.parametrize("mime_type", ["text/markdown", "text/csv;charset=utf-8", "application/json"])
def test_all_text_is_plain(mime_type: str) -> None:
    block, losses = sent({"type": "document", "base64": TEXT, "mime_type": mime_type})
    assert block == document(type="text", media_type="text/plain", data="Grüße")
    assert losses == [(PLACE, f"mime_type {mime_type.partition(';')[0]} dropped")]


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_sound_and_film_are_dropped(kind: str) -> None:
    block, losses = sent({"type": kind, "url": "https://e.com/a"})
    assert (block, losses[0]) == (None, (PLACE, f"{kind} dropped"))


def test_names_of_images_are_dropped() -> None:
    block, losses = sent({"type": "image", "url": "https://e.com/a", "filename": "a.png"})
    assert (block, losses) == (image(type="url", url="https://e.com/a"), [(PLACE, "filename dropped")])


def test_what_claude_knows_besides_goes_along() -> None:
    own = {"anthropic.messages": {"citations": {"enabled": True}, "context": "c", "source": {"more": 1}}}
    block, losses = sent({"type": "document", "base64": PDF, "provider_data": own})
    source = {"type": "base64", "media_type": "application/pdf", "data": PDF, "more": 1}
    assert block == {"type": "document", "source": source, "citations": {"enabled": True}, "context": "c"}
    assert losses == []


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ({"type": "image", "path": "a.png"}, "no image by path; pass data"),
        ({"type": "document", "path": "a.pdf"}, "no document by path; pass data"),
        ({"type": "image", "url": "gs://b/c"}, "http addresses only, not gs://b/c"),
        ({"type": "image", "url": "data:,x"}, "http addresses only"),
        ({"type": "image", "base64": "AAAA", "mime_type": "image/bmp"}, "convert this image/bmp"),
        ({"type": "document", "base64": "AAAA"}, "convert this application/octet-stream"),
        ({"type": "document", "base64": "////", "mime_type": "text/plain"}, "as UTF-8, and this is none"),
        ({"type": "document", "base64": "not base64", "mime_type": "text/plain"}, "as UTF-8, and this is none"),
    ],
)
def test_what_must_be_resolved_first(part: dict[str, Any], why: str) -> None:
    with pytest.raises(UnresolvedMedia) as caught:
        sent(part)
    assert caught.value.where == PLACE
    assert why in caught.value.problem
