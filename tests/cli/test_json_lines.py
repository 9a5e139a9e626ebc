"""Chunks as JSON Lines."""

import msgspec
import pytest

from massgen_stream.cli.json_lines import JsonLines
from massgen_stream.stream_chunk.narrow import content
from massgen_stream.stream_chunk.text import TextStreamChunk


def test_every_chunk_is_a_line_also_a_hidden_one(capsys: pytest.CaptureFixture[str]) -> None:
    lines = JsonLines()
    lines.wait("waiting")
    lines.feed(content("a\nb"))
    lines.feed(TextStreamChunk(type="backend_status", status="loss", display=False))
    lines.close()
    assert [msgspec.json.decode(line) for line in capsys.readouterr().out.splitlines()] == [
        {"type": "content", "content": "a\nb"},
        {"type": "backend_status", "status": "loss", "display": False},
    ]
