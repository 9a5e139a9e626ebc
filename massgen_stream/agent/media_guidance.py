"""What a model is told about making media: when to, how to, and one example for each operation that is possible."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from ..generation import GenerationConfig
from ..stream_chunk.kinds import MediaType

CONTINUED: Final = "<continuation_id>"
"""Stands for the id of an earlier result."""


class Example(NamedTuple):
    """One operation.

    Attributes:
        operation: What it is called.
        words: When it is wanted.
        arguments: What the tool is called with.
    """

    operation: str
    words: str
    arguments: Mapping[str, Any]

    def config(self, continue_from: str | None = None) -> GenerationConfig:
        """Return the request that it makes; *continue_from* takes the place of `CONTINUED`."""
        fields = {**self.arguments, "media_type": self.arguments["mode"]}
        del fields["mode"]
        if fields.get("continue_from") == CONTINUED and continue_from is not None:
            fields["continue_from"] = continue_from
        return GenerationConfig.of(**fields)


EXAMPLES: Final = (
    Example("generate", "a new picture", {"mode": "image", "prompt": "a lighthouse at dusk, oil on canvas"}),
    Example(
        "edit",
        "a picture that the user gives is to be changed",
        {"mode": "image", "prompt": "make it winter", "input_images": ["harbour.png"]},
    ),
    Example(
        "mask",
        "only a part of it is to be changed; the mask is transparent there",
        {"mode": "image", "prompt": "a red boat", "input_images": ["harbour.png"], "mask_path": "mask.png"},
    ),
    Example(
        "style",
        "a new picture in the style of another one",
        {"mode": "image", "prompt": "a village in spring", "style_image_path": "painting.png"},
    ),
    Example(
        "control",
        "a new picture with the shapes of a sketch",
        {
            "mode": "image",
            "prompt": "a modern house",
            "control_image_path": "sketch.png",
            "control_type": "scribble",
        },
    ),
    Example(
        "subject",
        "somebody or something from a picture, elsewhere",
        {
            "mode": "image",
            "prompt": "the dog on a beach",
            "subject_image_path": "dog.png",
            "subject_type": "animal",
            "subject_description": "a small brown dog",
        },
    ),
    Example(
        "continue",
        "an earlier result is to be changed further",
        {"mode": "image", "prompt": "now at night", "continue_from": CONTINUED},
    ),
    Example(
        "image-to-video",
        "a picture is to move",
        {"mode": "video", "prompt": "waves roll in", "input_images": ["harbour.png"]},
    ),
    Example("video", "a new film", {"mode": "video", "prompt": "a boat sails past a lighthouse", "duration": 6}),
    Example(
        "speech",
        "something is to be said; prompt holds just the words that are spoken",
        {"mode": "audio", "prompt": "The sea was calm that night.", "audio_type": "speech"},
    ),
    Example(
        "music",
        "something is to be played",
        {"mode": "audio", "prompt": "a slow waltz for piano", "audio_type": "music", "duration": 20},
    ),
)

_INTRODUCTION: Final = """\
You can make pictures, films and sounds with the tool {name}; the user sees them while they are made.
- Call it when the user asks to draw, paint, film, animate, say, read out or play something, and not otherwise.
- For several media call it several times in one turn. Write into prompt what is to be seen, or the words to speak.
- Give options only when the user asks for what they mean. Name files by the path or URL that the user or a result gave.
- The result holds the path of each file, its kind and size, and often a continuation_id. Tell the user the path.
- When it fails, say what the error says, and do not claim that there is a medium.
Examples:
"""


def guidance(name: str, examples: Iterable[Example]) -> str:
    """Return the text for the model.

    Args:
        name: Of the tool.
        examples: What is possible.
    """
    return _INTRODUCTION.format(name=name) + "\n".join(map(_line, examples))


def possible(
    examples: Iterable[Example],
    can: Callable[[GenerationConfig], bool],
    *,
    prefixes: Iterable[str] = (),
    names: Iterable[str] = (),
) -> list[Example]:
    """Return the examples that somebody can do; one that is only done for those who name somebody names him.

    Args:
        examples: All of them.
        can: Whether a request can be done.
        prefixes: Of the ids by which somebody continues a medium.
        names: Of those who may be named.
    """
    ids, known = [f"{prefix}_0" for prefix in prefixes], list(names)
    found = (_possible(example, can, ids, known) for example in examples)
    return [one for one in found if one is not None]


def _possible(
    example: Example, can: Callable[[GenerationConfig], bool], ids: list[str], names: list[str]
) -> Example | None:
    named = (example._replace(arguments={**example.arguments, "backend": name}) for name in names)
    return next((one for one in (example, *named) if any(can(config) for config in _requests(one, ids))), None)


def _requests(example: Example, ids: Iterable[str]) -> list[GenerationConfig]:
    if example.arguments.get("continue_from") != CONTINUED:
        return [example.config()]
    return [example.config(one) for one in ids]


def _line(example: Example) -> str:
    return f"- {example.operation} ({example.words}): {json.dumps(dict(example.arguments), ensure_ascii=False)}"


KINDS: Final[Mapping[MediaType, str]] = {
    MediaType.IMAGE: "a picture",
    MediaType.VIDEO: "a film",
    MediaType.AUDIO: "speech, music or a sound",
}
