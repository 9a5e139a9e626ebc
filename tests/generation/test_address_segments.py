"""What comes from outside, in an address."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.errors import ConfigurationError
from massgen_stream.generation import generators, resume_media
from massgen_stream.generation.address_segments import address_segment, checked_path
from massgen_stream.generation.jobs import JobGenerator
from massgen_stream.simulator import Simulator

from .fakes import instruments
from .reading import of_type, read

ADDRESSED = [one for one in generators() if issubclass(one, JobGenerator) and one.name != "grok"]
"""Those that look at a job by an address; the other's is in a message."""


@given(st.text(st.characters(exclude_categories=())))
def test_a_segment_stays_one(text: str) -> None:
    if text in ("", ".", ".."):
        with pytest.raises(ConfigurationError, match="cannot stand in an address"):
            address_segment(text)
        return
    found = address_segment(text)
    assert not set(found) & set("/?#")
    assert found.isascii()


def test_usual_ids_stay_as_they_are() -> None:
    assert address_segment("video_68d7-a.b~c") == "video_68d7-a.b~c"
    assert address_segment("a/b?c") == "a%2Fb%3Fc"


@pytest.mark.parametrize("given", [None, 1, {"id": "a"}])
def test_what_is_no_text_is_refused(given: object) -> None:
    for check in (address_segment, lambda one: checked_path(one, "id")):
        with pytest.raises(ConfigurationError, match="cannot stand in an address"):
            check(given)


@pytest.mark.parametrize(
    "text", ["projects/p/../q", "..", "", "/a", "a//b", "a/./b", "a?b", "a#b", "a/%2e%2e/b", "a\nb"]
)
def test_a_path_that_leads_elsewhere_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"the operation .* cannot stand in an address"):
        checked_path(text, "operation")


def test_a_path_stays_as_it_is() -> None:
    name = "projects/google.com:p/locations/us-central1/publishers/google/models/veo-3.1/operations/1a-2b"
    assert checked_path(name, "operation") == name


@pytest.mark.anyio
@pytest.mark.parametrize("made_by", ADDRESSED, ids=lambda one: one.__name__)
@pytest.mark.parametrize("job_id", ["..", ".", ""])
async def test_a_handle_that_leads_elsewhere_is_no_job(made_by: type[JobGenerator], job_id: str) -> None:
    kind = next(iter(made_by.offers))
    handle = {
        "id": job_id, "provider": made_by.name, "generator": made_by.__name__, "media_type": kind.value,
        "model": made_by.offers[kind].default_model, "media_id": "m-1", "prompt": "a", "enterprise": False,
    }  # fmt: skip
    around: dict[str, Any] = {"api_key": "k", "environ": {}, "instruments": instruments(), "max_retries": 0}
    async with Simulator() as sim:
        place = "gemini" if made_by.name == "google" else made_by.name
        chunks = await read(resume_media(handle, base_url=sim.url(place), **around))
    assert len(of_type(chunks, "error")) == 1
    assert sim.requests == []
