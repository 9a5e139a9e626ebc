"""Who answers."""

import sys

import pytest

from massgen_stream.cli.respondent import introduction, require_extras, respondent
from massgen_stream.errors import MissingExtra, UnknownProvider
from massgen_stream.provider import get_provider

KEYS = {"GROQ_API_KEY": "g", "OPENROUTER_API_KEY": "r", "OPENAI_API_KEY": "o"}


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        (KEYS, "openai"),
        ({"GROQ_API_KEY": "g", "OPENROUTER_API_KEY": "r"}, "openrouter"),
        ({"GROQ_API_KEY": "g"}, "groq"),
        ({"GROQ_API_KEY": " "}, "simulator"),
        ({}, "simulator"),
    ],
)
def test_the_first_with_a_key_answers_else_the_simulator(environ: dict[str, str], name: str) -> None:
    assert respondent(None, None, environ).name == name


def test_a_name_wins_and_an_address_alone_gets_no_other_key() -> None:
    assert respondent("ollama", "http://x", KEYS).name == "ollama"
    assert respondent(None, "http://x", {"GROQ_API_KEY": "g"}).name == "chatcompletion"
    with pytest.raises(UnknownProvider):
        respondent("nobody", None, {})
    with pytest.raises(UnknownProvider):
        respondent("", None, KEYS)


def test_everything_that_is_missing_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    simulator = get_provider("simulator")
    require_extras(simulator, screen=True)
    for library in ("rich", "starlette", "openai"):
        monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtra) as caught:
        require_extras(simulator, screen=True)
    assert caught.value.feature == "chat with simulator"
    assert "pip install 'massgen-stream[cli,openai,simulator]'" in str(caught.value)
    with pytest.raises(MissingExtra, match=r"\[openai\]"):
        require_extras(get_provider("groq"), screen=False)


def test_what_is_said_of_whom() -> None:
    groq, simulator = get_provider("groq"), get_provider("simulator")
    assert introduction(groq, "m", named=True, address=groq.base_url) == "groq answers with m"
    assert introduction(groq, "m", named=True, address="http://x/v1") == "groq at http://x/v1 answers with m"
    assert (
        introduction(simulator, "m", named=True, address=None) == "the simulator answers; there is no model behind it"
    )
    assert introduction(simulator, "m", named=False, address=None) == (
        "no key is set, so the embedded simulator answers; `massgen-stream providers` lists the keys"
    )
