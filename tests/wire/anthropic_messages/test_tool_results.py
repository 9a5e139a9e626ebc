"""Results of tools that the vendor runs."""

from typing import Any

import pytest

from massgen_stream.wire.anthropic_messages.tool_results import RESULTS, result_chunk

from .saying import begin, of, own, types


def result(content: Any, kind: str = "mcp_tool_result", **fields: Any) -> Any:
    return result_chunk({"type": kind, "tool_use_id": "s1", "content": content, **fields}, "x")


@pytest.mark.parametrize("kind", sorted(RESULTS))
def test_every_kind_of_result(kind: str) -> None:
    chunks = of(begin(kind, tool_use_id="s1", content={"type": "x", "a": 1}, retrieved="now"))
    assert types(chunks) == ["tool_result", "done"]
    assert (chunks[0].tool_call_id, chunks[0].tool_name, chunks[0].content) == ("s1", None, '{"type":"x","a":1}')
    block = {"type": kind, "tool_use_id": "s1", "content": {"type": "x", "a": 1}, "retrieved": "now"}
    assert own(chunks[0]) == {"block": block}


TEXT = {"type": "text", "text": "a"}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("plain", "plain"),
        ([TEXT, {"type": "text", "text": "b"}], "a\nb"),
        ([], "[]"),
        (None, "null"),
        ([TEXT, {"type": "image"}], '[{"type":"text","text":"a"},{"type":"image"}]'),
        ([{"type": "text", "text": 5}], '[{"type":"text","text":5}]'),
        ({"stdout": "é", "n": float("nan")}, '{"stdout":"é","n":null}'),
    ],
)
def test_text_is_text_and_the_rest_is_json(content: Any, text: str) -> None:
    assert result(content).content == text


@pytest.mark.parametrize(
    ("content", "fields", "failed"),
    [
        ([], {"is_error": True}, True),
        ([], {"is_error": False}, None),
        ([], {"is_error": "true"}, None),
        ({"type": "web_search_tool_result_error", "error_code": "unavailable"}, {}, True),
        ({"type": "code_execution_result", "return_code": 1}, {}, None),
    ],
)
def test_errors(content: Any, fields: Any, failed: bool | None) -> None:
    assert result(content, **fields).is_error is failed


def image(**source: Any) -> dict[str, Any]:
    return {"type": "image", "source": source}


@pytest.mark.parametrize(
    ("content", "attachments"),
    [
        ([TEXT, image(type="base64", media_type="image/png", data="AAAA")],
         [{"type": "image", "base64": "AAAA", "mime_type": "image/png"}]),
        ([image(type="url", url="https://x")], [{"type": "image", "url": "https://x"}]),
        ([image(type="file", file_id="f1")], [{"type": "image", "file_id": "f1"}]),
        ([image(type="url", url=5), image(type="x"), {"type": "image", "source": "x"}], None),
        ({"type": "code_execution_result", "content": [{"type": "code_execution_output", "file_id": "f2"}]},
         [{"type": "file", "file_id": "f2"}]),
        ({"type": "web_fetch_result", "content": {"type": "document", "source": {
            "type": "base64", "media_type": "application/pdf", "data": "JVBE"}}},
         [{"type": "document", "base64": "JVBE", "mime_type": "application/pdf"}]),
        ([{"file_id": ""}, {"file_id": 5}], None),
        ("text", None),
    ],
)  # fmt: skip
def test_files_and_media_are_attachments(content: Any, attachments: Any) -> None:
    chunk = result(content)
    assert chunk.attachments == attachments
    chunk.check()


def test_a_result_comes_once() -> None:
    block = begin("mcp_tool_result", tool_use_id="s1", content="x")
    again = {**block, "index": 1}
    assert types(of(block, again)) == ["tool_result", "content", "done"]
