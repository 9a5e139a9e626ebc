from typing import Any

import pytest

from massgen_stream.errors import UnresolvedMedia
from massgen_stream.stream_chunk.formatter import ResponsesFormatter

from ..places import told
from .sdk import sdk_items

FORMATTER = ResponsesFormatter()
PNG = b"\x89PNG\r\n\x1a\n"


def sent(*parts: dict[str, Any], role: str = "user") -> tuple[Any, list[tuple[str, str]]]:
    items, losses = FORMATTER.format_messages([{"role": role, "content": list(parts)}])
    assert sdk_items(items) == items
    return items[0]["content"], told(losses)


def test_one_text_is_a_string_and_several_are_a_list() -> None:
    assert sent({"type": "text", "text": "a"}) == ("a", [])
    two = [{"type": "input_text", "text": "a"}, {"type": "input_text", "text": "b"}]
    assert sent({"type": "text", "text": "a"}, {"type": "text", "text": "b"}) == (two, [])
    assert sent() == ("", [])


@pytest.mark.parametrize(
    ("part", "wire"),
    [
        (
            {"type": "image", "url": "https://x.y/z"},
            {"type": "input_image", "detail": "auto", "image_url": "https://x.y/z"},
        ),
        (
            {"type": "image", "data": PNG},
            {"type": "input_image", "detail": "auto", "image_url": "data:image/png;base64,iVBORw0KGgo="},
        ),
        ({"type": "image", "file_id": "file-1"}, {"type": "input_image", "detail": "auto", "file_id": "file-1"}),
        (
            {"type": "document", "data": b"%PDF-"},
            {
                "type": "input_file",
                "filename": "document.pdf",
                "file_data": "data:application/pdf;base64,JVBERi0=",
            },
        ),
        (
            {"type": "document", "url": "https://x.y/a.pdf", "filename": "b.pdf"},
            {"type": "input_file", "file_url": "https://x.y/a.pdf", "filename": "b.pdf"},
        ),
        ({"type": "file", "file_id": "file-1"}, {"type": "input_file", "file_id": "file-1"}),
    ],
)
def test_media(part: dict[str, Any], wire: dict[str, Any]) -> None:
    assert sent(part) == ([wire], [])


def test_what_only_the_wire_can_say() -> None:
    image = {"type": "image", "url": "https://x.y/z", "provider_data": {"openai.responses": {"detail": "high"}}}
    assert sent(image)[0] == [{"type": "input_image", "detail": "high", "image_url": "https://x.y/z"}]


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_what_the_api_does_not_take_is_dropped_and_told(kind: str) -> None:
    part = {"type": kind, "url": "https://x.y/z"}
    assert sent({"type": "text", "text": "a"}, part) == ("a", [("messages[0].content[1]", f"{kind} dropped")])


def test_the_name_of_an_image_is_told() -> None:
    part = {"type": "image", "url": "https://x.y/z", "filename": "a.png"}
    assert sent(part)[1] == [("messages[0].content[0]", "filename dropped")]


@pytest.mark.parametrize("kind", ["image", "document", "file"])
def test_files_are_read_first(kind: str) -> None:
    with pytest.raises(UnresolvedMedia, match=r"^messages\[0\]\.content\[0\]: .*pass data, base64 or url"):
        sent({"type": kind, "path": "/tmp/a"})


def test_several_system_messages_stay_where_they_are() -> None:
    messages = [
        {"role": "system", "content": "a"},
        {"role": "developer", "content": "b"},
        {"role": "user", "content": "c"},
        {"role": "system", "content": "d"},
    ]
    items, losses = FORMATTER.format_messages(messages)
    assert (items, losses) == (messages, [])
    assert FORMATTER.format_messages(FORMATTER.parse_messages(items))[0] == items


def test_images_of_instructions_are_sent() -> None:
    content, losses = sent({"type": "image", "url": "https://x.y/z"}, role="system")
    assert (content[0]["type"], losses) == ("input_image", [])


def test_unknown_keys_and_names_are_told() -> None:
    messages = [{"role": "user", "name": "Ann", "mood": "good", "content": [{"type": "text", "text": "a", "x": 1}]}]
    items, losses = FORMATTER.format_messages(messages)
    assert items == [{"role": "user", "content": "a"}]
    assert told(losses) == [
        ("messages[0]", "mood dropped"),
        ("messages[0]", "name dropped"),
        ("messages[0].content[0]", "x dropped"),
    ]
