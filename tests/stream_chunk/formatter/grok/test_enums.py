"""The tables hold what the SDK's protobuf files hold."""

from collections.abc import Mapping
from typing import Any

import pytest
from xai_sdk.proto import chat_pb2, sample_pb2

from massgen_stream.stream_chunk.formatter.grok import enums

TABLES = [
    (enums.ROLES, chat_pb2.MessageRole, {0}),
    (enums.FINISH_REASONS, sample_pb2.FinishReason, {0}),
    (enums.TOOL_CALL_TYPES, chat_pb2.ToolCallType, set()),
    (enums.TOOL_CALL_STATUSES, chat_pb2.ToolCallStatus, set()),
]


@pytest.mark.parametrize(("table", "enum", "left_out"), TABLES)
def test_the_tables_are_those_of_the_protocol(table: Mapping[int, str], enum: Any, left_out: set[int]) -> None:
    assert {number: name for name, number in enum.items() if number not in left_out} == dict(table)


def test_names_of_tools() -> None:
    assert enums.tool_name(2, "browse_page") == "web_search"
    assert enums.tool_name("TOOL_CALL_TYPE_X_SEARCH_TOOL", "") == "x_search"
    assert enums.tool_name(6, "server.run") == "server.run"
    assert enums.tool_name(99, "") == "tool"
    assert enums.type_of_tool("web_search") == "TOOL_CALL_TYPE_WEB_SEARCH_TOOL"
    assert enums.type_of_tool("client_side") is None


def test_words_of_statuses() -> None:
    assert [enums.tool_status(one) for one in (None, 0, 1, "TOOL_CALL_STATUS_FAILED", 9, "x")] == [
        *("in_progress", "in_progress", "completed", "failed", None, None),
    ]
    assert enums.status_of_word("completed") == "TOOL_CALL_STATUS_COMPLETED"
    assert enums.status_of_word("searching") is None
