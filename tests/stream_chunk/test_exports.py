from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
from importlib import import_module
from inspect import isfunction
from pathlib import Path
from types import ModuleType

import pytest

import massgen_stream
from massgen_stream import generation, media, stream_chunk
from massgen_stream.stream_chunk.kinds import ChunkType

TABLES = [massgen_stream, generation, media, stream_chunk]


def names_for_type_checkers(table: ModuleType) -> dict[str, str]:
    """Return name -> module from the ``if TYPE_CHECKING`` block."""
    tree = ast.parse(Path(str(table.__file__)).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    found = {}
    for node in block.body:
        assert isinstance(node, ast.ImportFrom)
        (alias,) = node.names
        assert alias.name == alias.asname
        found[alias.name] = "." * node.level + str(node.module)
    return found


@pytest.mark.parametrize("table", TABLES)
def test_type_checkers_see_what_is_there_at_run_time(table: ModuleType) -> None:
    assert names_for_type_checkers(table) == table._PLACES
    assert table.__all__ == list(table._PLACES)
    assert len(set(table.__all__)) == len(table.__all__)


@pytest.mark.parametrize(("table", "name"), [(table, name) for table in TABLES for name in table.__all__])
def test_every_name_is_there(table: ModuleType, name: str) -> None:
    place = import_module(table._PLACES[name], table.__name__)
    assert getattr(table, name) is getattr(place, name)
    assert name in dir(table)


@pytest.mark.parametrize("table", TABLES)
def test_no_module_hides_a_name(table: ModuleType) -> None:
    modules = {module.name for module in pkgutil.iter_modules(table.__path__)}
    assert not modules & set(table.__all__)
    assert table is not stream_chunk or not modules & {kind.value for kind in ChunkType}


@pytest.mark.parametrize("table", TABLES)
def test_an_unknown_name_is_an_attribute_error(table: ModuleType) -> None:
    with pytest.raises(AttributeError, match=f"module '{table.__name__}' has no attribute 'nothing'"):
        table.nothing  # noqa: B018
    assert not hasattr(table, "__path_hooks__")


def test_narrow_constructors_are_named_like_their_types_and_not_at_the_root() -> None:
    assert {kind.value for kind in ChunkType} <= set(stream_chunk.__all__)
    assert not {kind.value for kind in ChunkType} & set(massgen_stream.__all__)
    for kind in ChunkType:
        assert callable(getattr(stream_chunk, kind.value))


def test_every_error_is_at_the_root() -> None:
    errors = import_module("massgen_stream.errors")
    public = {
        name for name, value in vars(errors).items() if isinstance(value, type) and value.__module__ == errors.__name__
    }
    assert {name for name in public if not name.startswith("_")} <= set(massgen_stream.__all__)


def test_what_makes_media_and_transcripts_is_at_the_root() -> None:
    asking = {"generators", "has_api_key"}
    functions = {name for name in generation.__all__ if isfunction(getattr(generation, name))}
    assert functions - asking <= set(massgen_stream.__all__)


def loaded_by(code: str) -> set[str]:
    script = f"import sys\nbefore = set(sys.modules)\n{code}\nprint(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_else() -> None:
    loaded = loaded_by("import massgen_stream")
    assert {name for name in loaded if name.startswith(("massgen_stream", "msgspec"))} == {
        "massgen_stream",
        "massgen_stream.lazy_names",
    }


def test_the_media_table_loads_no_library_that_only_some_media_need() -> None:
    loaded = loaded_by("from massgen_stream.media import MediaLimits, detect, probe, thumbnail, convert_video")
    assert not {"PIL", "av", "pypdfium2", "obstore", "httpx2", "massgen_stream.media.pillow_pictures"} & loaded


def test_importing_a_chunk_loads_no_foreign_library_but_msgspec() -> None:
    loaded = loaded_by("import massgen_stream\nfrom massgen_stream import TextStreamChunk")
    heavy = {"asyncio", "anyio", "ssl", "http", "httpx", "httpx2", "aiohttp", "pydantic", "pydantic_core", "openai"}
    assert not heavy & loaded
    foreign = {name.partition(".")[0] for name in loaded} - set(sys.stdlib_module_names)
    assert foreign <= {"massgen_stream", "msgspec", "typing_extensions"}  # msgspec takes the last where it is installed
