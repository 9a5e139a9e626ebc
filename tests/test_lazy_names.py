"""Tables of contents: every name of every package is there, and is loaded when it is first used."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from types import ModuleType

import pytest

from massgen_stream.lazy_names import lazy_names

PACKAGES = ("", ".agent", ".backend", ".generation", ".media", ".simulator", ".stream_chunk", ".wire")


def package(name: str) -> ModuleType:
    return import_module(f"massgen_stream{name}")


@pytest.mark.parametrize("name", PACKAGES)
def test_every_name_that_is_listed_is_there(name: str) -> None:
    module = package(name)
    for listed in module.__all__:
        assert getattr(module, listed) is getattr(module, listed)
    assert set(module.__all__) <= set(dir(module))


@pytest.mark.parametrize("name", PACKAGES)
def test_a_name_that_is_none(name: str) -> None:
    with pytest.raises(AttributeError, match=rf"module 'massgen_stream{name}' has no attribute 'nothing'"):
        package(name).nothing  # noqa: B018


def test_a_name_stays_where_it_was_loaded() -> None:
    namespace: dict[str, object] = {"old": 1}
    get, names = lazy_names("massgen_stream", {"decoder": ".wire"}, namespace)
    assert names() == ["decoder", "old"]
    assert namespace.setdefault("decoder", get("decoder")) is package(".wire").decoder


@pytest.mark.parametrize("name", ["", ".generation", ".backend"])
def test_a_package_loads_none_of_its_modules(name: str) -> None:
    code = f"import sys, massgen_stream{name} as p; print(*(m for m in sys.modules if m.startswith(p.__name__ + '.')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert set(loaded) <= {"massgen_stream.lazy_names"}
