"""All that is known of one provider, as a page of plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from .plain_text import one_line
from .table import table

_MIB: Final = 2**20
_HEADINGS: Final = ("MODEL", "CONTEXT", "LONGEST ANSWER", "RELEASED")
_UNKNOWN: Final = "-"


def provider_page(item: Mapping[str, Any], key: str) -> list[str]:
    """Return the lines of a page.

    Args:
        item: What is told of the provider.
        key: Where its key comes from, and whether it is there.
    """
    facts = table([(f"  {label}", one_line(value)) for label, value in _facts(item, key) if value])
    models = table([_HEADINGS, *(_model(model, item["default_model"]) for model in item["models"])])
    return [f"{item['name']}: {one_line(item['title'])}", "", *facts, "", *(f"  {line}" for line in models)]


def _facts(item: Mapping[str, Any], key: str) -> Iterator[tuple[str, str]]:
    yield "key", key
    yield "base URL", item["base_url"] or _UNKNOWN
    yield "protocol", item["protocol"] + (f" (api: {', '.join(item['apis'])})" if item["apis"] else "")
    yield "can", ", ".join(item["capabilities"])
    yield "native tools", ", ".join(item["native_tools"])
    yield "takes", ", ".join(["text", *(_medium(kind, size) for kind, size in item["input_media"].items())])
    yield "answers with", ", ".join(["text", *item["output_media"]])
    yield "note", item["notes"]
    yield "documentation", item["documentation"] or ""


def _medium(kind: str, size: int | None) -> str:
    return kind if size is None else f"{kind} (up to {size / _MIB:g} MiB)"


def _model(model: Mapping[str, Any], default: str) -> Sequence[str]:
    name = f"{model['id']} (default)" if model["id"] == default else model["id"]
    return (
        one_line(name),
        _tokens(model["context_tokens"]),
        _tokens(model["max_output_tokens"]),
        model["released"] or _UNKNOWN,
    )


def _tokens(count: int | None) -> str:
    return _UNKNOWN if count is None else f"{count:,}"
