"""Logs of libraries."""

import subprocess
import sys

import pytest

from .commands import environment

SCRIPT = """
import logging
from massgen_stream.cli.logs import logs
with logs(shown={shown}):
    logging.getLogger("library").error("inside")
logging.getLogger("library").error("after")
"""


@pytest.mark.parametrize(("shown", "told"), [(False, "after\n"), (True, "inside\nafter\n")])
def test_libraries_are_heard_only_if_they_are_to_be(shown: bool, told: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(shown=shown)],
        stderr=subprocess.PIPE,
        text=True,
        check=True,
        env=environment(),
    )
    assert done.stderr == told
