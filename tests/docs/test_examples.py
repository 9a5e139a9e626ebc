"""Every example runs against the simulator, as a reader would run it."""

import runpy
from pathlib import Path

import anyio
import pytest

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
EXPECTED = {
    "text.py": ["[stop]", "input_tokens"],
    "tools.py": ["[get_weather", "Sunny, 21 degrees", "[stop]"],
    "agent.py": ["[lighthouse_at -> the old lighthouse of", "[generate_media: ", "[stop] 5 messages"],
    "image_in.py": ["image"],
    "own_ui.py": ["[stop] 0 calls", "first chunk after"],
}


def test_every_example_has_an_expectation() -> None:
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_example_runs(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    main = runpy.run_path(str(EXAMPLES / name))["main"]
    anyio.run(main)
    printed = capsys.readouterr().out
    for words in EXPECTED[name]:
        assert words in printed
