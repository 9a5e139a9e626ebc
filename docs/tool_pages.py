"""The page of the tool that makes media; `build_reference.py` writes it from what the generators declare."""

from __future__ import annotations

import json
import runpy
from collections.abc import Iterator
from pathlib import Path

from massgen_stream.agent.media_arguments import Door, MediaArguments
from massgen_stream.agent.media_guidance import EXAMPLES, KINDS, guidance
from massgen_stream.generation import generators

_SHARED = runpy.run_path(str(Path(__file__).with_name("provider_pages.py")))
table, code = _SHARED["table"], _SHARED["code"]

NAME = "generate_media"
KEYWORDS = (
    "image", "picture", "drawing", "photo", "edit", "inpainting", "outpainting", "mask", "style", "control", "subject",
    "video", "film", "animation", "image-to-video", "extend", "audio", "speech", "text-to-speech", "dialogue",
    "sound effect", "music", "song", "continue", "local",
)  # fmt: skip
_HEAD = """\
# {name}

Generated from what the generators declare, by `python docs/build_reference.py`.

The tool with which a model makes media: `MediaTool` offers it to [an agent](../agent.md), and `massgen-stream chat`
does so by itself. It is [`generate_media`](../generating_media.md) with a JSON Schema made from `GenerationConfig`: a
model is offered those options that at least one generator knows whose key is set. Files go to the one folder that the
application names, and only files in folders that it allows are read.

```python
from massgen_stream import MediaTool

tool = MediaTool("out", environ={{}})  # without any key: the local engine
print(tool.definition()["parameters"]["required"], [one.operation for one in tool.examples])
```

`MediaTool` also takes `folders` (whose files a model may use), `most` (media of one call, 4), `environ`, `name`, and
any argument of `generate_media` that the model shall not choose, such as `backend_type="openai"` or `total_timeout=60`.

The answer to the model is JSON: `media`, a list with `kind`, `path`, `mime_type`, `size_bytes` and, where there are
such, `width`, `height`, `duration_seconds`, `says` (spoken words), `continuation_id` and `media_id`; `notes` that came
on the way; and `error` or `text`, when there is one.
"""
_PLACE = "Place is the order in which they are chosen; those without one are only chosen by name, or by model."


def tool_pages() -> dict[str, str]:
    """Return the pages by name of their file."""
    return {f"{NAME}.md": tool_page()}


def tool_page() -> str:
    """Return the page of the tool."""
    doors = [
        (one, kind, offer) for kind in KINDS for one in generators() if (offer := one.offers.get(kind)) is not None
    ]
    parts = [
        front_matter(doors),
        _HEAD.format(name=NAME),
        "## Who makes what\n",
        f"{_PLACE}\n",
        *(section for kind in KINDS for section in backends([door for door in doors if door[1] is kind])),
        "## Arguments\n",
        table(("argument", "", "meaning"), list(arguments(doors))),
        "## What a model is told\n",
        "All examples; a model gets those that the generators can do whose key is set.\n",
        f"```text\n{guidance(NAME, EXAMPLES)}\n```\n",
    ]
    return "\n".join(parts)


def front_matter(doors: list[Door]) -> str:
    """Return what programs read: YAML, whose values are JSON."""
    variables = dict.fromkeys(variable for one, _, _ in doors for variable in one.key_variables())
    fields = {
        "name": NAME,
        "description": "Makes images, videos and sounds, changes and continues them, and saves them as files",
        "kinds": [kind.value for kind in KINDS],
        "variables": list(variables),
        "needs_variable": False,
        "backends": list(dict.fromkeys(one.name for one, _, _ in doors)),
        "operations": [one.operation for one in EXAMPLES],
        "keywords": list(KEYWORDS),
    }
    return "---\n" + "".join(f"{name}: {json.dumps(value)}\n" for name, value in fields.items()) + "---\n"


def backends(doors: list[Door]) -> Iterator[str]:
    """Yield the section of one kind of medium."""
    kind = doors[0][1].value
    yield f"### {kind.capitalize()}\n"
    ordered = sorted(doors, key=lambda door: (door[2].priority is None, door[2].priority or 0, door[0].name))
    rows = [row(door) for door in ordered]
    yield table(("backend", "place", "variable", "default model", "options", "limits"), rows)


def row(door: Door) -> tuple[str, ...]:
    one, _, offer = door
    name = code(one.name) + "".join(f", {code(alias)}" for alias in one.aliases)
    variables = " or ".join(map(code, one.key_variables())) or "none needed"
    place = "" if offer.priority is None else str(offer.priority)
    known = ", ".join(sorted(offer.options))
    return f"{name}<br>{one.title}", place, variables, code(offer.default_model), known, "<br>".join(limits(door))


def limits(door: Door) -> Iterator[str]:
    """Yield what is limited, one line each."""
    offer = door[2]
    if offer.most > 1:
        yield f"at most {offer.most} of a request"
    kinds = (("audio types", offer.audio_types), ("formats", offer.formats))
    for name, values in (("sizes", offer.sizes), ("ratios", offer.aspect_ratios), *kinds):
        if values:
            yield f"{name}: {', '.join(values)}"
    if offer.edit_modes:
        yield f"edit modes: {', '.join(sorted(offer.edit_modes))}"
    if offer.durations is not None:
        yield f"{offer.durations}"
    if offer.extensions is not None:
        yield f"extends by {offer.extensions}"
    if offer.most_images is not None:
        yield f"at most {offer.most_images} input images"
    if offer.warning is not None:
        yield offer.warning
    if offer.continuation is not None:
        yield f"continues `{offer.continuation}_…`"


def arguments(doors: list[Door]) -> Iterator[tuple[str, str, str]]:
    schema = MediaArguments(doors).schema
    for name, rule in schema["properties"].items():
        kind = rule.get("type", "")
        kind = f"{kind} of {rule['items'].get('type', '')}" if kind == "array" else kind
        words = f" One of: {', '.join(map(code, rule['enum']))}." if "enum" in rule else ""
        yield code(name), f"{kind}{', required' if name in schema['required'] else ''}", f"{rule['description']}{words}"
