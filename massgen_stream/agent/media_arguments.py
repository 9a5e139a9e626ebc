"""The arguments of the tool that makes media: a schema made from `GenerationConfig`, and a model's words for it."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from ..errors import UsageError
from ..generation import GenerationConfig, Generator, Offer
from ..generation.config import OPTIONS
from ..stream_chunk.kinds import MediaType
from .docstrings import described
from .media_places import Medium, Places, medium_schema
from .schemas import object_schema

Door = tuple[type[Generator], MediaType, Offer]
"""A generator, and what it offers of one kind of medium."""


class _Keyframe(msgspec.Struct, forbid_unknown_fields=True):
    image: Medium
    timestamp: float


class _Line(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    text: str
    voice: str | None = None


_WRITTEN: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("input_images", "reference_images", "input_videos", "input_audios"), list[Medium]),
    "last_frame": Medium,
    "keyframes": list[_Keyframe],
    "dialogue": list[_Line],
}
_CLOSED: Final = {"audio_type": "audio_types", "edit_mode": "edit_modes", "output_format": "formats"}
"""Options of which `Offer` says the values, and where."""
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


class MediaArguments:
    """What can be asked of some generators.

    Args:
        doors: The generators; options that none of them knows are left out.
        most: Most media of one call.
        without: Names that are left out as well.

    Attributes:
        schema: It, as a model is told.
    """

    def __init__(self, doors: Iterable[Door], *, most: int = MOST, without: Iterable[str] = ()) -> None:
        hidden = set(without)
        fields = [one for one in _fields(list(doors), most) if one[0] not in hidden]
        self._struct = msgspec.defstruct("arguments", fields, kw_only=True, forbid_unknown_fields=True)
        said = described(GenerationConfig.__doc__).parameters
        words = {**{name: text.replace("`", "") for name, text in said.items()}, **_WORDS}
        self.schema = object_schema(self._struct, words, schema_hook=medium_schema)

    def checked(self, arguments: Mapping[str, Any], folders: Sequence[Path]) -> dict[str, Any]:
        """Return what a model gave, as arguments of `generate_media`; null is left out.

        What is returned is made of what was checked, so that nothing gets by in another form.

        Args:
            arguments: What the model gave.
            folders: Where files may be read.

        Raises:
            UsageError: Something is missing, unknown, of another type, too many, or a file that is not in the folders.
        """
        said = {name: value for name, value in arguments.items() if value is not None}
        try:
            checked = msgspec.convert(said, self._struct, dec_hook=Places(folders).read)
            given: dict[str, Any] = msgspec.to_builtins(checked, enc_hook=str)
        except (msgspec.ValidationError, RecursionError) as problem:
            raise UsageError(f"wrong arguments: {problem}") from None
        if "backend" in given:
            given["backend_type"] = given.pop("backend")
        return given


def _fields(doors: Sequence[Door], most: int) -> list[tuple[Any, ...]]:
    kinds = [kind.value for kind in dict.fromkeys(kind for _, kind, _ in doors)]
    names = list(dict.fromkeys(one.name for one, _, _ in doors))
    hints = {**get_type_hints(GenerationConfig), "n": Annotated[int, msgspec.Meta(ge=1, le=most)]}
    fields: list[tuple[Any, ...]] = [("prompt", str), ("mode", Literal[tuple(kinds)] if kinds else str)]
    fields += [("backend", Literal[tuple(names)], msgspec.UNSET)] if len(names) > 1 else []
    fields += [("model", str, msgspec.UNSET)]
    return fields + [(name, _written(name, hints[name], doors), msgspec.UNSET) for name in options_of(doors)]


def options_of(doors: Iterable[Door]) -> list[str]:
    """Return the options that at least one of some generators knows, in the order of `GenerationConfig`."""
    known = {"n"}
    for _, _, offer in doors:
        known |= offer.options
        known |= {"continue_from"} if offer.continuation is not None else set()
    return [name for name in GenerationConfig.__struct_fields__ if name in known & OPTIONS - _UNSAID]


def _written(name: str, hint: Any, doors: Sequence[Door]) -> Any:
    """Return the type that a model writes for an option: without null, with text for files, of what somebody takes."""
    if name in _WRITTEN:
        return _WRITTEN[name]
    taken = [getattr(offer, _CLOSED[name]) for _, _, offer in doors if name in offer.options] if name in _CLOSED else []
    if taken and all(taken):
        return Literal[tuple(sorted({value.value for values in taken for value in values}))]
    if get_origin(hint) in (Union, types.UnionType):
        return next(one for one in get_args(hint) if one is not type(None))
    return hint
