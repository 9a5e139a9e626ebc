import pytest

from massgen_stream.backend.requirements import missing_extras, require
from massgen_stream.errors import MissingExtra

GONE = {"no_such_library_1": "one", "json": "standard", "no_such_library_2.inner": "two", "no_such_library_3": "one"}


def test_what_is_missing_is_told_once_per_extra() -> None:
    assert missing_extras(GONE) == ["one", "two"]
    assert missing_extras({"json": "standard", "os.path": "standard"}) == []
    assert missing_extras({"json.no_such_module": "three"}) == ["three"]


def test_a_provider_whose_libraries_are_missing() -> None:
    require({"json": "standard"}, "p")
    with pytest.raises(MissingExtra, match=r"provider 'p'.*massgen-stream\[one,two\]"):
        require(GONE, "p")
