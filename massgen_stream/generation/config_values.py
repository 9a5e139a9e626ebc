"""Values of a request in the form that is worked with: enums, paths, media parts, tuples."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from ..errors import ConfigurationError, InvalidMessage, excerpt
from ..stream_chunk.formatter.media import read_media
from .choices import AudioType, Background, EditMode, MaskMode, OutputFormat, chosen, media_kind

Convert = Callable[[str, Any], Any]
_URLS: Final = ("http://", "https://", "data:", "gs://", "s3://")


def converted(config: Any) -> dict[str, Any]:
    """Return the fields of *config* that have another form than the one that was given.

    Raises:
        ConfigurationError: A value has no such form.
    """
    found: dict[str, Any] = {}
    for name, convert in _FORMS.items():
        value = getattr(config, name)
        if value is not None:
            found[name] = convert(name, value)
    return found


def part_of(kind: str, name: str, value: Any) -> dict[str, Any]:
    """Return a media part for a path, a URL, bytes or a part.

    Raises:
        ConfigurationError: It is none of them.
    """
    if isinstance(value, bytes | bytearray | memoryview):
        value = {"data": value}
    elif isinstance(value, os.PathLike):
        value = {"path": value}
    elif isinstance(value, str):
        value = {"url" if value.lower().startswith(_URLS) else "path": value}
    if not isinstance(value, Mapping):
        raise ConfigurationError(f"{name} takes paths, URLs, bytes or media parts, not {type(value).__name__}")
    try:
        return read_media(value, kind, name)
    except InvalidMessage as problem:
        raise ConfigurationError(str(problem)) from None


def _enum(choices: Any) -> Convert:
    return lambda name, value: chosen(name, value, choices)


def _path(name: str, value: Any) -> Path:
    if not isinstance(value, str | os.PathLike) or not str(value):
        raise ConfigurationError(f"{name} must be a path, not {excerpt(value)!r}")
    return Path(value)


def _several(convert: Convert) -> Convert:
    def all_of(name: str, values: Any) -> tuple[Any, ...]:
        if isinstance(values, str | bytes | bytearray | memoryview | os.PathLike | Mapping):
            values = [values]  # one of them alone
        if not isinstance(values, Iterable):
            raise ConfigurationError(f"{name} must be a list, not {type(values).__name__}")
        return tuple(convert(f"{name}[{place}]", value) for place, value in enumerate(values))

    return all_of


def dictionary(name: str, value: Any) -> dict[str, Any]:
    """Return a dictionary of one's own.

    Raises:
        ConfigurationError: It is none, or has other keys than strings.
    """
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise ConfigurationError(f"{name} must be a dictionary with strings as keys, not {excerpt(value)!r}")
    return dict(value)


def _keyframe(name: str, value: Any) -> dict[str, Any]:
    frame = dictionary(name, value)
    timestamp = frame.get("timestamp")
    if not isinstance(timestamp, int | float) or isinstance(timestamp, bool) or frame.get("image") is None:
        raise ConfigurationError(f"{name} needs an image and a timestamp in seconds")
    return {**frame, "image": part_of("image", name, frame["image"])}


def _number(name: str, value: Any) -> Any:  # noqa: ARG001 - all conversions are called alike
    return value


_PATHS: Final = (
    "output_path", "output_dir", "mask_path", "markup_path", "style_image_path", "control_image_path",
    "subject_image_path",
)  # fmt: skip
_FORMS: Final[Mapping[str, Convert]] = {
    "media_type": lambda _, value: media_kind(value),
    "output_format": _enum(OutputFormat),
    "background": _enum(Background),
    "edit_mode": _enum(EditMode),
    "mask_mode": _enum(MaskMode),
    "audio_type": _enum(AudioType),
    **dict.fromkeys(_PATHS, _path),
    "input_image_paths": _several(_path),
    "input_images": _several(partial(part_of, "image")),
    "reference_images": _several(partial(part_of, "image")),
    "input_videos": _several(partial(part_of, "video")),
    "input_audios": _several(partial(part_of, "audio")),
    "last_frame": partial(part_of, "image"),
    "keyframes": _several(_keyframe),
    "dialogue": _several(dictionary),
    "segmentation_classes": _several(_number),
    "voice_settings": dictionary,
    "composition": dictionary,
    "extra_params": dictionary,
}
