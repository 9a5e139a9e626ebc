"""The arguments of the tool that makes media: a schema made from `GenerationConfig`, and a model's words for it."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from ..errors import UsageError, excerpt
from ..generation import GenerationConfig, Generator, Offer
from ..generation.config import OPTIONS
from ..stream_chunk.kinds import MediaType
from .docstrings import described
from .schemas import Schema, object_schema

Door = tuple[type[Generator], MediaType, Offer]
"""A generator, and what it offers of one kind of medium."""


class _Keyframe(msgspec.Struct):
    image: str
    timestamp: float


class _Line(msgspec.Struct):
    text: str
    voice: str | None = None


_FILES: Final[Mapping[str, Any]] = {
    "input_images": list[str],
    "reference_images": list[str],
    "input_videos": list[str],
    "input_audios": list[str],
    "last_frame": str,
}
"""Media, which a model names by path or URL."""
_WRITTEN: Final[Mapping[str, Any]] = {**_FILES, "keyframes": list[_Keyframe], "dialogue": list[_Line]}
_UNSAID: Final = frozenset(("input_image_paths",))
"""The same as another option."""
MOST: Final = 4
"""Media of one call, unless the application says otherwise: it is the application that pays."""
_WORDS: Final[Mapping[str, str]] = {
    "mode": "What to make.",
    "model": "Model id; leave it out unless the user names one.",
    "aspect_ratio": "Width to height, such as 16:9.",
    "backend": "Who makes it; leave it out unless the user names somebody.",
    "input_images": "Images to change, or to make something of: paths or URLs.",
    "reference_images": "Images to take things from: paths or URLs.",
    "input_videos": "Videos to change or to extend: paths or URLs.",
    "input_audios": "Sounds to change, or to speak like: paths or URLs.",
    "last_frame": "Image that a video ends with: path or URL.",
    "continue_from": "The continuation_id of an earlier result, to change or to continue that medium.",
}
_ADDRESSES: Final = ("http://", "https://", "data:")


def arguments_schema(doors: Iterable[Door], *, most: int = MOST, without: Iterable[str] = ()) -> Schema:
    """Return the schema of what can be asked of some generators.

    Args:
        doors: The generators; options that none of them knows are left out.
        most: Most media of one call.
        without: Names that are left out as well.
    """
    known = list(doors)
    kinds = [kind.value for kind in dict.fromkeys(kind for _, kind, _ in known)]
    names = list(dict.fromkeys(one.name for one, _, _ in known))
    hints = get_type_hints(GenerationConfig)
    fields: list[Any] = [("prompt", str), ("mode", Literal[tuple(kinds)] if kinds else str)]
    fields += [("backend", Literal[tuple(names)], msgspec.UNSET)] if len(names) > 1 else []
    fields += [("model", str, msgspec.UNSET)]
    hints["n"] = Annotated[int, msgspec.Meta(ge=1, le=most)]
    fields += [(name, _written(name, hints[name]), msgspec.UNSET) for name in options_of(known)]
    struct = msgspec.defstruct("arguments", [one for one in fields if one[0] not in set(without)], kw_only=True)
    said = described(GenerationConfig.__doc__).parameters
    words = {**{name: text.replace("`", "") for name, text in said.items()}, **_WORDS}
    return object_schema(struct, words)


def options_of(doors: Iterable[Door]) -> list[str]:
    """Return the options that at least one of some generators knows, in the order of `GenerationConfig`."""
    known = {"n"}
    for _, _, offer in doors:
        known |= offer.options
        known |= {"continue_from"} if offer.continuation is not None else set()
    return [name for name in GenerationConfig.__struct_fields__ if name in known & OPTIONS - _UNSAID]


def checked_arguments(arguments: Mapping[str, Any], schema: Schema, folders: Sequence[Path]) -> dict[str, Any]:
    """Return what a model gave, as arguments of `generate_media`; null is left out.

    Args:
        arguments: What the model gave.
        schema: What it was told.
        folders: Where files may be read.

    Raises:
        UsageError: It names what does not exist, or a file that is not in the folders, or wants too many.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    unknown = sorted(name for name in given if name not in schema["properties"])
    if unknown:
        raise UsageError(f"there is no argument {', '.join(map(excerpt, unknown))} here")
    missing = [name for name in schema["required"] if name not in given]
    if missing:
        raise UsageError(f"{', '.join(missing)} is missing")
    most = schema["properties"].get("n", {}).get("maximum")
    if most is not None and isinstance(given.get("n"), int) and given["n"] > most:
        raise UsageError(f"n is {given['n']}; one call makes at most {most}")
    for name, place in _files_named(given):
        _check_file(name, place, folders)
    if "backend" in given:
        given["backend_type"] = given.pop("backend")
    return given


def _files_named(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        if name in _FILES or name.endswith("_path"):
            yield from ((name, one) for one in (value if isinstance(value, list) else [value]))
        elif name == "keyframes" and isinstance(value, list):
            yield from ((name, one.get("image")) for one in value if isinstance(one, dict))


def _check_file(name: str, place: object, folders: Sequence[Path]) -> None:
    if not isinstance(place, str) or not place:
        raise UsageError(f"{name} takes the paths or URLs of files, not {excerpt(place)}")
    if place.lower().startswith(_ADDRESSES) and not name.endswith("_path"):
        return
    inside = "://" not in place and any(_is_in(place, folder) for folder in folders)
    if not inside:
        allowed = ", ".join(repr(str(folder)) for folder in folders) or "none"
        raise UsageError(f"{name}: {excerpt(place)!r} is not in a folder that may be read: {allowed}")


def _is_in(place: str, folder: Path) -> bool:
    try:
        return Path(place).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # a loop of links, a zero byte
        return False


def _written(name: str, hint: Any) -> Any:
    """Return the type that a model writes for an option: without null, and with text for files."""
    if name in _WRITTEN:
        return _WRITTEN[name]
    if get_origin(hint) in (Union, types.UnionType):
        return next(one for one in get_args(hint) if one is not type(None))
    return hint
