"""The shape of the project: tests mirror the source, files and functions stay small, names say what is inside.

An exception is a row in a table here, with its reason; a row that nothing needs any more is an error.
"""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "massgen_stream"
TESTS = ROOT / "tests"
FOLDERS = (SOURCE, TESTS, ROOT / "benchmarks", ROOT / "docs")

MOST_LINES = 299
MOST_FUNCTION_LINES = 40
VAGUE_NAMES = {"utils", "util", "common", "helpers", "helper", "manager", "misc"}

LONG_FILES = {
    "errors.py": "the one error tree, kept together",
}
LONG_FUNCTIONS = {
    "stream_chunk/narrow/media.py::media": "one line for each field of a chunk, twice",
}
BROAD_HANDLERS = {
    "backend/attempt.py": (2, "the border to vendors' libraries: whatever they raise becomes a chunk"),
    "backend/run.py": (1, "the same border, written out where every chunk passes"),
    "cli/program.py": (1, "the border between errors and exit codes"),
    "provider/discovery.py": (1, "a plug-in may raise anything, and must not take the other hosts along"),
    "simulator/threads.py": (1, "handed to the thread that waits, which raises it"),
}
"""How many handlers of a file catch everything and do not raise it again, and why."""

TESTED_THROUGH = {
    "__main__.py": ("cli/test_program.py", "two lines; run as a program there"),
    "backend/attempt.py": ("backend/test_run.py", "one attempt of a run"),
    "backend/chat_request.py": ("backend/test_chat_completions.py", "what the backend sends"),
    "backend/filesystem.py": ("backend/test_base.py", "an enum of the base class"),
    "backend/instruments.py": ("backend/test_run.py", "what a run is given"),
    "backend/openai_client.py": ("backend/test_chat_completions.py", "the client of the backend"),
    "backend/raw_response.py": ("backend/test_chat_completions.py", "the base of the backends that read raw responses"),
    "backend/requirements.py": ("backend/test_factory.py", "what a provider needs before it is built"),
    "backend/status_error.py": ("backend/test_translate.py", "errors by HTTP status, a part of the translation"),
    "cli/*": ("cli/test_program.py", "parts of the command line, seen where a person sees them"),
    "cli/screen/*": ("cli/test_render.py", "parts of the screen, seen on a terminal"),
    "provider/*": ("provider/test_hosts.py", "hosts are data; one test reads them all"),
    "simulator/*": ("simulator/test_sdk.py", "parts of the server, seen through a vendor's SDK"),
    "stream_chunk/codec.py": ("laws/test_roundtrip.py", "a table of contents"),
    "stream_chunk/formatter/*": ("stream_chunk/formatter/openai_chat/test_laws.py", "parts of the formatter"),
    "stream_chunk/source_finals.py": ("stream_chunk/test_gate.py", "the finals that the gate owes"),
    "stream_chunk/narrow/*": ("stream_chunk/test_narrow.py", "one test reads all constructors"),
    "stream_chunk/vocabulary.py": ("stream_chunk/test_rules.py", "words that the rules use"),
    "testing/faulty_turns.py": ("stream_chunk/test_verifier.py", "each of them breaks its rule there"),
    "testing/strategies_*.py": ("testing/test_strategies.py", "one public module in several files"),
    "testing/wires_*.py": ("wire/test_recorded_openai_chat.py", "what generated wires are made of"),
    "wire/error_words.py": ("wire/test_error_kinds.py", "words that the kinds are found by"),
    "wire/anthropic_messages/*": (
        "wire/test_recorded_anthropic_messages.py",
        "one decoder and encoder in several files",
    ),
    "wire/google_generate_content/*": (
        "wire/test_recorded_google_generate_content.py",
        "one decoder and encoder in several files",
    ),
    "wire/openai_responses/*": ("wire/test_recorded_openai_responses.py", "one decoder and encoder in several files"),
    "wire/openai_chat/*": ("wire/test_recorded_openai_chat.py", "one decoder and encoder in several files"),
}
"""Modules without a test file of their own name: the file that tests them, and why that one."""

CROSSING = {
    "docs/*": "pages and examples, not modules",
    "laws/*": "what must hold across modules",
    "test_layout.py": "this file",
    "backend/test_every_provider.py": "all providers and backends at once",
    "*/test_recorded_*.py": "recorded streams go through many modules",
    "cli/*": "what a person sees",
    "provider/test_hosts.py": "all hosts at once",
    "simulator/*": "the server seen from outside",
    "stream_chunk/formatter/*/test_laws.py": "laws of a whole formatter",
    "stream_chunk/test_exports.py": "the public names of the package",
    "stream_chunk/test_narrow.py": "all constructors at once",
    "wire/test_contents.py": "the public names of the package",
    "wire/test_sse_*.py": "limits and outside witnesses of one module",
}
"""Tests that mirror no module of their name."""


def modules() -> list[str]:
    """Return every module but the tables of contents, relative to the package."""
    found = (path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py"))
    return sorted(path for path in found if not path.endswith("__init__.py"))


def mirror(module: str) -> Path:
    return TESTS / Path(module).parent / f"test_{Path(module).name}"


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", [one for one in modules() if not mirror(one).exists()])
def test_a_module_has_a_test_of_its_name_or_a_reason(module: str) -> None:
    assert any(fnmatch(module, pattern) for pattern in TESTED_THROUGH), f"write {mirror(module).relative_to(ROOT)}"


@pytest.mark.parametrize("pattern", TESTED_THROUGH)
def test_a_module_that_is_tested_elsewhere_is_tested(pattern: str) -> None:
    test, _ = TESTED_THROUGH[pattern]
    assert (TESTS / test).exists(), f"{pattern} is to be tested by {test}"
    needs = [one for one in modules() if fnmatch(one, pattern) and not mirror(one).exists()]
    assert needs, f"nothing needs the row {pattern!r} any more"


def test_a_test_mirrors_a_module_or_says_what_it_crosses() -> None:
    mirrors = {mirror(module).relative_to(TESTS).as_posix() for module in modules()}
    tests = {path.relative_to(TESTS).as_posix() for path in TESTS.rglob("test_*.py")}
    packages = {f"{path.parent.relative_to(SOURCE).as_posix()}" for path in SOURCE.rglob("__init__.py")}
    lost = [
        test
        for test in sorted(tests - mirrors)
        if Path(test).with_name(Path(test).stem.removeprefix("test_")).as_posix() not in packages
        and not any(fnmatch(test, pattern) for pattern in CROSSING)
    ]
    assert lost == []


@pytest.mark.parametrize("pattern", CROSSING)
def test_what_crosses_is_there(pattern: str) -> None:
    assert any(fnmatch(path.relative_to(TESTS).as_posix(), pattern) for path in TESTS.rglob("test_*.py"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_names_say_what_is_inside(folder: Path) -> None:
    paths = [path for path in folder.rglob("*") if path.suffix == ".py" or path.is_dir()]
    vague = [path for path in paths if VAGUE_NAMES & set(path.stem.removeprefix("test_").lower().split("_"))]
    assert vague == []


@pytest.mark.parametrize("folder", [folder for folder in FOLDERS if folder != TESTS], ids=lambda folder: folder.name)
def test_files_are_short(folder: Path) -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in folder.rglob("*.py")}
    long = {path.relative_to(folder).as_posix() for path, lines in lengths.items() if lines > MOST_LINES}
    assert long == (set(LONG_FILES) if folder == SOURCE else set())


def functions(module: str) -> Iterator[tuple[str, int]]:
    """Yield name and length of every function, decorators and docstring included."""
    for node in ast.walk(tree(SOURCE / module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            yield f"{module}::{node.name}", node.end_lineno - node.lineno + 1


def test_functions_are_short() -> None:
    long = {name for module in modules() for name, lines in functions(module) if lines > MOST_FUNCTION_LINES}
    assert long == set(LONG_FUNCTIONS)


def swallowed(module: str) -> int:
    """Return how many handlers catch everything and do not end by raising it again."""
    handlers = [node for node in ast.walk(tree(SOURCE / module)) if isinstance(node, ast.ExceptHandler)]
    return sum(_is_broad(handler) and not isinstance(handler.body[-1], ast.Raise) for handler in handlers)


def _is_broad(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    names = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
    return bool(names & {"Exception", "BaseException"})


def test_only_borders_catch_everything() -> None:
    found = {module: count for module in modules() if (count := swallowed(module))}
    assert found == {module: count for module, (count, _) in BROAD_HANDLERS.items()}


def test_no_handler_is_silent() -> None:
    """Catching everything and passing hides what nobody has foreseen."""
    silent = [
        f"{module}:{node.lineno}"
        for module in modules()
        for node in ast.walk(tree(SOURCE / module))
        if isinstance(node, ast.ExceptHandler) and _is_broad(node) and isinstance(node.body[0], ast.Pass)
    ]
    assert silent == []


def test_code_and_pages_are_in_four_folders() -> None:
    inside = [*ROOT.glob("[!.]*/*.py"), *ROOT.glob("[!.]*/*.md")]
    assert {path.parent for path in inside} <= set(FOLDERS)
