"""What clients look up before they begin a prediction."""

from typing import Any

import pytest

from massgen_stream.wire.replicate_predictions.looked_up import document_of, listed, looked_up

DOCUMENTS = [
    ({"owner": "meta", "name": "llama", "url": "https://replicate.com/meta/llama"}, "model meta/llama"),
    ({"owner": "", "name": "a/b"}, "model /a/b"),
    ({"id": "39ed", "openapi_schema": {}, "cog_version": "0.8.6"}, "version 39ed"),
    ({"id": "f1", "name": "a.txt", "content_type": "text/plain", "size": 5}, "file f1"),
    ({"name": "Faces", "slug": "faces", "models": []}, "collection Faces"),
    ({"next": None, "previous": None, "results": [{"id": "p"}]}, "list"),
]


@pytest.mark.parametrize(("document", "line"), DOCUMENTS)
def test_a_line_says_a_document_and_a_document_the_line(document: dict[str, Any], line: str) -> None:
    assert looked_up(document) == line
    assert looked_up(document_of(line) or {}) == line


@pytest.mark.parametrize("document", [{}, {"id": "p"}, {"name": "x"}, {"results": 5}, {"owner": 5, "name": "x"}])
def test_other_documents(document: dict[str, Any]) -> None:
    assert looked_up(document) is None


@pytest.mark.parametrize("line", ["", "model", "model x", "else x", "lists", "prediction p"])
def test_other_lines(line: str) -> None:
    assert document_of(line) is None


@pytest.mark.parametrize(("body", "is_one"), [([{"sku": "cpu", "name": "CPU"}], True), ([], False), ([5], False)])
def test_the_list_of_hardware_is_no_object(body: Any, is_one: bool) -> None:
    assert listed(body) == ({"results": body} if is_one else None)
    assert listed({"sku": "cpu"}) is None
