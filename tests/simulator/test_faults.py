import pytest

from massgen_stream.errors import ConfigurationError
from massgen_stream.simulator import faults
from massgen_stream.simulator.faults import FAULTS, Body, Cut, Silence, Slow, Status, checked_fault, parse_fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("429", Status(code=429)),
        ("503;retry_after=0.5;times=2", Status(code=503, retry_after=0.5, times=2)),
        ("status;message=no", Status(message="no")),
        ("cut;after=7;how=reset", Cut(after=7, how="reset")),
        (" slow ; delay=0.1 ; size=3 ", Slow(delay=0.1, size=3)),
        ("html", Body(type="html")),
        ("json;code=502", Body(type="json", code=502)),
        ("silence", Silence()),
        ("silence;after=0", Silence(after=0)),
    ],
)
def test_text_names_a_fault(text: str, fault: faults.Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_can_be_named_alone_and_says_what_it_does(fault: type[faults.Fault]) -> None:
    assert parse_fault(str(fault.__struct_config__.tag)) == fault()
    assert fault.__doc__


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "cut;after=x",
        "cut;after=-1",
        "cut;how=hard",
        "slow;size=0",
        "199",
        "cut;color=red",
        "slow;delay=nan",
    ],
)
def test_what_is_no_fault_is_refused_on_one_line(text: str) -> None:
    with pytest.raises(ConfigurationError, match="faults are status, ") as caught:
        parse_fault(text)
    assert "\n" not in str(caught.value)


def test_values_of_a_struct_are_checked_too() -> None:
    with pytest.raises(ConfigurationError):
        checked_fault(Status(code=999))
    assert checked_fault(Cut()) == Cut()
