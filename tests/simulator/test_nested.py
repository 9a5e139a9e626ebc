from typing import Any

from massgen_stream.simulator.nested import objects_in


def test_every_object_is_there_in_order_however_deep() -> None:
    deep: Any = {"id": "deep"}
    for _ in range(5000):
        deep = [deep]
    document = {"id": "top", "a": [{"id": 1, "b": {"id": 2}}, "text", 3], "c": deep}
    assert [one["id"] for one in objects_in(document)] == ["top", 1, 2, "deep"]


def test_what_holds_no_object_gives_none() -> None:
    assert list(objects_in([None, 1, "a", [[]]])) == []
