from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.agent.docstrings import described

GOOGLE = """Tell the weather.

    In few words.

    Args:
        city: Where: such as
            Paris.
        days (int): How many.
        **more: Anything else.

    Returns:
        days: not a parameter
    """
NUMPY = """Tell the weather.

    In few words.

    Parameters
    ----------
    city : str
        Where: such as
        Paris.
    days, hours : int
        How many.

    Returns
    -------
    text : str
        not a parameter
    """
SPHINX = """Tell the weather.

    In few words.

    :param city: Where: such as
        Paris.
    :param int days: How many.
    :returns: text
    """


@pytest.mark.parametrize("docstring", [GOOGLE, NUMPY, SPHINX])
def test_the_usual_styles(docstring: str) -> None:
    found = described(docstring)
    assert found.text == "Tell the weather.\n\nIn few words."
    assert found.parameters["city"] == "Where: such as Paris."
    assert found.parameters["days"] == "How many."
    assert "text" not in found.parameters


def test_names_that_share_their_words() -> None:
    assert described(NUMPY).parameters["hours"] == "How many."
    assert described("Add.\n\n    Args:\n        a, b: Numbers.").parameters == {"a": "Numbers.", "b": "Numbers."}
    assert described(GOOGLE).parameters["more"] == "Anything else."


@pytest.mark.parametrize("docstring", [None, "", "   \n"])
def test_nothing_said(docstring: str | None) -> None:
    assert described(docstring) == ("", {})


def test_words_without_sections() -> None:
    assert described("Note: this is text.\n\nSee also: that.") == ("Note: this is text.\n\nSee also: that.", {})


@given(st.text(alphabet="ab: \n-*,()Args:param"))
def test_any_text_can_be_read(text: str) -> None:
    assert all(described(text).parameters.values())
