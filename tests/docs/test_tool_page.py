"""The page of the tool that makes media says what the generators declare."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

from massgen_stream.agent.media_guidance import EXAMPLES
from massgen_stream.generation import Durations, Offer, generators
from massgen_stream.stream_chunk.kinds import MediaType

from ..generation.fakes import maker

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "tools" / "generate_media.md").read_text("utf-8")
MADE = runpy.run_path(str(DOCS / "tool_pages.py"))


def front_matter(page: str) -> dict[str, Any]:
    _, head, _ = page.split("---\n", 2)
    return {name: json.loads(value) for name, _, value in (line.partition(": ") for line in head.splitlines())}


def test_what_programs_read() -> None:
    head = front_matter(PAGE)
    assert head["name"] == "generate_media"
    assert set(head["variables"]) == {name for one in generators() for name in one.key_variables()}
    assert set(head["backends"]) == {one.name for one in generators()}
    assert head["operations"] == [one.operation for one in EXAMPLES]
    assert {"image", "video", "speech", "music", "edit"} <= set(head["keywords"])


def test_every_generator_has_its_rows() -> None:
    for one in generators():
        for offer in one.offers.values():
            assert f"`{offer.default_model}`" in PAGE
        assert one.title in PAGE


def test_a_new_generator_gets_a_row_by_itself() -> None:
    offer = Offer(
        default_model="m-1",
        options=frozenset({"seed", "duration"}),
        most=3,
        durations=Durations.of(4, 8),
        continuation="fake",
        warning="It is slow.",
    )
    cells = MADE["row"]((maker("fake", key=True, video=offer), MediaType.VIDEO, offer))
    assert cells == (
        "`fake`<br>Fake",
        "",
        "`FAKE_KEY`",
        "`m-1`",
        "duration, seed",
        "at most 3 of a request<br>4, 8 s<br>It is slow.<br>continues `fake_…`",
    )
