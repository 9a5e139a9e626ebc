"""The public names of the package, and what using it does not load."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from massgen_stream import media

HEAVY = ("PIL", "av", "pypdfium2", "obstore", "httpcore2", "httpx2", "numpy", "openai")


@pytest.mark.parametrize("name", media.__all__)
def test_every_name_is_there_and_documented(name: str) -> None:
    assert getattr(media, name).__doc__
    assert name in dir(media)


def test_type_checkers_read_the_same_table() -> None:
    tree = ast.parse(Path(media.__file__).read_text("utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    assert {alias.asname: f".{node.module}" for node in imports for alias in node.names} == media._PLACES


def test_no_module_hides_a_name() -> None:
    for name in media.__all__:
        getattr(media, name)
    modules = {name.rpartition(".")[2] for name in sys.modules if name.startswith("massgen_stream.media.")}
    assert not modules & set(media.__all__)


@pytest.mark.parametrize(
    ("library", "call"),
    [
        ("obstore", "MediaStore.memory().put(b'data')"),
        ("httpcore2", "MediaSource.of('https://example.com/a').read()"),
    ],
)
def test_a_missing_library_names_its_extra(library: str, call: str) -> None:
    program = (
        "import asyncio, sys\n"
        f"sys.modules[{library!r}] = None\n"
        "from massgen_stream.media import *\n"
        f"try: asyncio.run({call})\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.startswith("MissingExtra ")
    assert "massgen-stream[media]" in found.stdout


def test_an_unknown_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = media.nothing


def test_no_heavy_library_is_loaded_before_it_is_needed() -> None:
    program = (
        "import asyncio, sys\n"
        "from massgen_stream.media import *\n"
        "MediaStore('/nowhere'), MediaCache('/nowhere'), FetchOptions(), MediaSource.of('https://example.com/a')\n"
        "asyncio.run(join(split(b'data')))\n"
        f"print([name for name in {HEAVY} if name in sys.modules])\n"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
