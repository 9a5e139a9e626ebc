"""Write the generated pages: docs/chunks.md from the rules table, docs/grammar.md from the verifier's rules, and
docs/providers from the providers, docs/tools from the generators of media.

``python docs/build_reference.py`` writes them, ``--check`` exits with 1 when they differ from what is there.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

from massgen_stream.provider import providers
from massgen_stream.stream_chunk.grammar import GRAMMAR
from massgen_stream.stream_chunk.rules import COMMON, FIELDS, RULES, ChunkRule
from massgen_stream.stream_chunk.vocabulary import ERROR_KINDS, FINISH_REASONS, STATUSES, USAGE_NUMBERS

DOCS = Path(__file__).parent
_CHUNKS = """\
# Chunks

Generated from `massgen_stream/stream_chunk/rules.py` by `python docs/build_reference.py`.

Every chunk is a `TextStreamChunk` or a `MultimodalStreamChunk`, has a `type`, and may have the common fields. Fields
that a type does not list are not allowed on it; `chunk.check()` names every fault. A field that is absent is None.
A chunk of a type that this version does not know decodes to `UnknownChunk` and re-encodes to the same document.
"""
_GRAMMAR = """\
# The grammar of a stream

Generated from `massgen_stream/stream_chunk/grammar.py` by `python docs/build_reference.py`.

A stream is one or more turns; a turn is one response of a model. Everything that yields chunks to a reader keeps these
rules, and `StreamVerifier` names every breach by the rule's name and the position of the chunk.

```text
stream  = turn+                        done is the last chunk
turn    = attempt+ finals end          end is turn_done, or done after the last turn
attempt = start? (delta | status | usage | error | media)*      a new start only before anything visible
finals  = reasoning_done* tool_calls* media(final)* complete_message* complete_response?
```

In code, as a reader sees it:

```python
from massgen_stream.stream_chunk import StreamVerifier, content, done

verifier = StreamVerifier(numbered=False)
for chunk in (content("Hello"), done("stop"), content("too late")):
    verifier.feed(chunk)
verifier.close()
print(*verifier.breaches, sep="\\n")
```

| rule | statement |
| --- | --- |
"""


def field_row(name: str) -> str:
    field = FIELDS[name]
    words = f" One of: {', '.join(f'`{word}`' for word in field.vocabulary)}." if field.vocabulary else ""
    return f"| `{name}` | {field.kind} | {field.doc}{words} |"


def type_section(name: str, rule: ChunkRule) -> str:
    def listed(fields: tuple[str, ...]) -> str:
        return ", ".join(f"`{field}`" for field in fields) or "none"

    lines = [f"### `{name}`", "", rule.doc, "", f"- required: {listed(rule.required)}"]
    if rule.any_of:
        lines.append(f"- at least one of: {listed(rule.any_of)}")
    lines.append(f"- optional: {listed(tuple(f for f in rule.optional if f not in rule.required + rule.any_of))}")
    if name in STATUSES:
        lines.append(f"- `status`: {', '.join(f'`{word}`' for word in STATUSES[name])}")
    return "\n".join(lines) + "\n"


def chunks_page() -> str:
    parts = [_CHUNKS, "## Common fields\n", "| field | kind | meaning |\n| --- | --- | --- |"]
    parts.append("\n".join(map(field_row, COMMON)) + "\n")
    for family, title in (("text", "`TextStreamChunk`"), ("multimodal", "`MultimodalStreamChunk`")):
        parts.append(f"## Types of {title}\n")
        parts += [type_section(str(name), rule) for name, rule in RULES.items() if rule.family == family]
    parts += ["## Fields\n", "| field | kind | meaning |\n| --- | --- | --- |"]
    parts.append("\n".join(field_row(name) for name in FIELDS if name not in COMMON) + "\n")
    parts.append("## Vocabularies\n")
    parts.append(f"- `finish_reason`: {', '.join(FINISH_REASONS)}")
    parts.append(f"- `error_info.kind`: {', '.join(ERROR_KINDS)}")
    parts.append(f"- figures of `usage`: {', '.join(USAGE_NUMBERS)}; besides them `details` and `raw`\n")
    return "\n".join(parts)


def grammar_page() -> str:
    return _GRAMMAR + "\n".join(f"| `{rule}` | {statement} |" for rule, statement in GRAMMAR.items()) + "\n"


def pages() -> dict[str, str]:
    """Return all generated pages by their path within docs."""
    of_tools = runpy.run_path(str(DOCS / "tool_pages.py"))["tool_pages"]()
    of_providers = runpy.run_path(str(DOCS / "provider_pages.py"))["provider_pages"](providers())
    found = {"chunks.md": chunks_page(), "grammar.md": grammar_page()}
    found |= {f"tools/{name}": page for name, page in of_tools.items()}
    return found | {f"providers/{name}": page for name, page in of_providers.items()}


def main() -> int:
    fresh = pages()
    stale = [name for name, page in fresh.items() if _read(DOCS / name) != page]
    gone = [path for path in (DOCS / "providers").glob("*.md") if f"providers/{path.name}" not in fresh]
    if "--check" in sys.argv:
        stale += [f"providers/{path.name}" for path in gone]
        print(*(f"docs/{name} is stale; run python docs/build_reference.py" for name in stale), sep="\n")
        return bool(stale)
    for name in stale:
        (DOCS / name).parent.mkdir(exist_ok=True)
        (DOCS / name).write_text(fresh[name], encoding="utf-8")
    for path in gone:
        path.unlink()
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
