"""Citations from annotations, and from lists that every event repeats."""

from typing import Any

import pytest

from .saying import delta, of, only

ANNOTATIONS = [
    # annotation, what is found in it
    (
        {
            "type": "url_citation",
            "url_citation": {"url": "u", "title": "t", "start_index": 0, "end_index": 9, "content": "c"},
        },
        {"url": "u", "title": "t", "start": 0, "end": 9, "cited_text": "c"},
    ),
    ({"type": "url_citation", "url": "u", "title": "t"}, {"url": "u", "title": "t"}),
    ({"type": "file_citation", "file_id": "f", "filename": "n"}, {"file_id": "f", "title": "n"}),
    ({"url": 5, "start_index": "0", "end_index": True}, {}),
    ({"type": ["x"], "$ref": {"$bytes": 1}}, {}),
]


@pytest.mark.parametrize(("annotation", "found"), ANNOTATIONS)
def test_annotations_keep_what_they_were(annotation: Any, found: Any) -> None:
    chunks = only(of(delta(annotations=[annotation, None, 5]), delta(index=1, annotations=[annotation])), "citation")
    assert [chunk.citation for chunk in chunks] == [found | {"raw": annotation}] * 2
    assert [chunk.choice_index for chunk in chunks] == [None, 1]


def test_lists_tell_each_source_once() -> None:
    first = {"citations": ["u"], "search_results": [{"url": "u", "title": "T", "snippet": "s"}], "choices": []}
    second = {
        "citations": ["u", {"url": "v", "title": "V"}, "w"],
        "search_results": first["search_results"],
        "choices": [],
    }
    chunks = only(of(delta(content="x"), first, first, second, first), "citation")
    assert [{**chunk.citation, "raw": None} for chunk in chunks] == [
        {"url": "u", "title": "T", "cited_text": "s", "raw": None},
        {"url": "v", "title": "V", "raw": None},
        {"url": "w", "raw": None},
    ]
    assert chunks[1].citation["raw"] == {"citation": {"url": "v", "title": "V"}, "search_result": None}


def test_results_alone_are_sources_too() -> None:
    chunks = only(of({"search_results": [{"url": "u"}, 5], "choices": []}), "citation")
    assert [chunk.citation.get("url") for chunk in chunks] == ["u", None]
