"""No text of a model, a tool or a vendor commands the terminal."""

import pytest

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.stream_chunk.narrow import content, done, reasoning, tool_calls
from massgen_stream.stream_chunk.text import TextStreamChunk

from .screens import shown, terminal, written


def test_markup_and_control_characters_of_a_model_are_text() -> None:
    hostile = "[bold]x[/bold] \x1b]52;c;ZXZpbA==\x07\x1b[2J\x9b1m\rback :smile: http://x"
    console = terminal(width=200)
    assert shown(content(hostile), console=console) == [
        "[bold]x[/bold] ␛]52;c;ZXZpbA==␇␛[2J\ufffd1m␍back :smile: http://x"
    ]
    assert "\x1b" not in written(console)


@pytest.mark.parametrize(
    "chunk",
    [
        tool_calls(
            [{"id": "\x1bA", "name": "\x1bA", "arguments": "\x1bA", "kind": "function", "invalid": {"reason": "\x1bA"}}]
        ),
        narrow.server_tool_call("\x1bA", "\x1bA", arguments="\x1bA"),
        narrow.tool_result("\x1bA", tool_name="\x1bA", content="\x1bA", attachments=[{"type": "\x1bA"}]),
        narrow.citation({"url": "\x1bA", "title": "\x1bA", "start": 0}),
        TextStreamChunk(type="error", error="\x1bA", error_info={"kind": "\x1bA", "status": "\x1bA"}),
        narrow.backend_status("info", detail="\x1bA"),
        narrow.hook_execution({"name": "\x1bA"}),
        narrow.refusal("\x1bA"),
        reasoning("\x1bA"),
        narrow.reasoning_summary("\x1bA"),
        done("other", raw_finish_reason="\x1bA"),
        narrow.media("\x1bA", "image", media_data="\x1bA", media_encoding="url", text_content="\x1bA"),
        narrow.media("m", "image", path="\x1bA", media_metadata=MediaMetadata(mime_type="\x1bA")),
        narrow.media_progress("\x1bA", stage="running", log="\x1bA"),
        narrow.attachment_complete(attachments=[{"type": "\x1bA", "filename": "\x1bA", "file_id": "\x1bA"}]),
    ],
    ids=lambda chunk: str(chunk.type),
)
def test_no_field_of_a_chunk_commands_the_terminal(chunk: BaseStreamChunk) -> None:
    console = terminal()
    shown(chunk, console=console)
    assert "\x1bA" not in written(console)
    assert "A" in written(console)
