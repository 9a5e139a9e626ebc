"""Names of MIME types."""

import pytest

from massgen_stream.media.mime_names import is_text, kind_of_mime, normal_mime


@pytest.mark.parametrize(
    ("name", "normal", "kind"),
    [
        ("image/JPG", "image/jpeg", "image"),
        ("audio/x-wav; codecs=1", "audio/wav", "audio"),
        ("audio/mp3", "audio/mpeg", "audio"),
        ("application/ogg", "audio/ogg", "audio"),
        ("application/mp4", "video/mp4", "video"),
        ("text/xml", "application/xml", "document"),
        ("application/pdf", "application/pdf", "document"),
        ("application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text", "document"),
        ("binary/octet-stream", "application/octet-stream", "file"),
        ("application/zip", "application/zip", "file"),
        ("chemical/x-pdb", "chemical/x-pdb", "file"),
    ],
)
def test_one_name_and_its_kind(name: str, normal: str, kind: str) -> None:
    assert normal_mime(name) == normal == normal_mime(normal)
    assert kind_of_mime(name) == kind


def test_texts() -> None:
    assert all(map(is_text, ("text/html", "image/svg+xml", "application/ld+json", "application/yaml")))
    assert not any(map(is_text, ("image/png", "application/pdf", "application/zip")))
