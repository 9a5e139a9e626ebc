"""What the events say besides the blocks."""

from typing import Any

from .saying import START, begin, body, decoded, ending, only


def response(*documents: Any, **options: Any) -> Any:
    found = only(decoded(body(*documents, **options)), "complete_response")
    return found[0].response if found else None


def test_the_message_without_its_content() -> None:
    start = {**START, "message": {**START["message"], "type": "message", "container": None, "diagnostics": {"a": 1}}}
    delta = {**ending(container={"id": "c"}), "context_management": {"applied_edits": []}}
    assert response(start, begin("text", text="x"), delta, start=False) == {
        "id": "msg_1", "model": "claude", "diagnostics": {"a": 1}, "container": {"id": "c"},
        "context_management": {"applied_edits": []},
    }  # fmt: skip


def test_nothing_known_is_no_chunk() -> None:
    assert response(begin("text", text="x"), start=False) is None
    assert response() == {"id": "msg_1", "model": "claude"}
