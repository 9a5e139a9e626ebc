"""What was given is known, until its time is over; what was not is not, unless it is from elsewhere."""

import pytest

from massgen_stream.simulator.given import Given, Ids

NOW = [1000.0]


@pytest.fixture(autouse=True)
def _clock() -> None:
    NOW[0] = 1000.0


def given(**options: object) -> Given:
    return Given(clock=lambda: NOW[0], **options)  # type: ignore[arg-type]


def test_only_what_was_given_is_known() -> None:
    ids = given().ids("files")
    assert ids.give("file-1", "a") is None
    assert (ids.find("file-1"), ids.knows("file-1"), ids.find("file-2"), ids.knows("file-2")) == (
        "a",
        True,
        None,
        False,
    )
    NOW[0] += 1e9
    assert ids.knows("file-1")


def test_kinds_are_apart_and_are_found_again() -> None:
    known = given()
    known.ids("files").give("x-1", "a")
    assert not known.ids("responses").knows("x-1")
    assert known.ids("files").knows("x-1")


def test_it_expires_at_its_time() -> None:
    ids = given().ids("files")
    assert (ids.give("file-1", "a", 60), ids.give("file-2", "b", 60, since=500)) == (1060.0, 560.0)
    assert (ids.knows("file-1"), ids.knows("file-2"), list(ids)) == (True, False, ["a"])
    NOW[0] = 1059.9
    assert (ids.find("file-1"), ids.expired("file-1")) == ("a", None)
    NOW[0] = 1060.0
    assert (ids.find("file-1"), ids.knows("file-1"), ids.expired("file-1"), list(ids)) == (None, False, "a", [])


@pytest.mark.parametrize("documented", [None, 5.0, 1e6])
def test_a_lifetime_is_that_of_everything(documented: float | None) -> None:
    ids = given(lifetime=30).ids("files")
    assert ids.give("file-1", "a", documented) == 1030.0


def test_what_is_deleted_was_never_there() -> None:
    ids = given().ids("files")
    ids.give("file-1", "a", 1)
    ids.forget("file-1")
    ids.forget("file-1")
    NOW[0] += 2
    assert (ids.find("file-1"), ids.expired("file-1")) == (None, None)


def test_ids_of_elsewhere_may_be_referred_to_and_stand_for_nothing() -> None:
    ids = given(knows=["resp_*", "file-?"], lifetime=1).ids("any")
    assert [ids.knows(one) for one in ("resp_", "resp_68", "file-1", "file-12", "v1")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert (ids.find("resp_68"), ids.is_from_elsewhere("resp_68")) == (None, True)


def test_what_was_given_here_is_not_from_elsewhere() -> None:
    ids = given(knows=["*"], lifetime=1).ids("any")
    ids.give("resp_1", "a")
    NOW[0] += 1
    assert (ids.knows("resp_1"), ids.is_from_elsewhere("resp_1"), ids.knows("resp_2")) == (False, False, True)


def test_the_oldest_are_forgotten() -> None:
    ids: Ids[str] = Ids(given(), most=2)
    for name in "abc":
        ids.give(name, name)
    assert [ids.find(name) for name in "abc"] == [None, "b", "c"]
