"""What is asked for: the typed request for a medium."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self

import msgspec
from msgspec.structs import force_setattr

from ..errors import ConfigurationError
from ..stream_chunk.kinds import MediaType
from .choices import AudioType, Background, EditMode, MaskMode, OutputFormat
from .config_checks import faults_of
from .config_values import converted, dictionary

Part = dict[str, Any]
"""A media part of a message: ``{"type": "image", "path": …}``, or with ``url``, ``base64``, ``data`` or ``file_id``."""


class GenerationConfig(msgspec.Struct, frozen=True, kw_only=True):
    """A request for one medium, or for `n` of the same kind. None means: not asked for; 0 and "" are values.

    Words for closed values may be given as strings, files as anything that `massgen_stream.media.MediaSource.of` takes
    by name: a path, a URL, bytes, or a media part. What a generator does not know is told or refused, see `Policy`.

    Attributes:
        prompt: What to make; of speech, the words to speak.
        media_type: Image, video or audio.
        output_path: File that the medium is written to; further media get its name and a number.
        output_dir: Folder where media get names of their own.
        backend: Name of the generator; None or ``auto``: chosen by key and priority.
        model: Model id; None: the generator's own.
        n: How many.
        quality: In the vendor's word.
        size: ``1024x768``, or a word of the vendor's such as ``2K`` or ``720p``.
        aspect_ratio: ``16:9``.
        duration: Seconds of video or sound.
        output_format: How the medium is coded.
        output_compression: 0 to 100.
        background: Of an image.
        negative_prompt: What must not be there.
        seed: Makes it repeatable.
        guidance_scale: How closely the prompt is followed.
        steps: Steps of a diffusion model.
        sampler: Its sampler, by the name that its server knows.
        strength: How far an image may move away from the one that is given, 0 to 1.
        partial_images: How many previews to send.
        input_images: Images to change, or to make something of.
        input_image_paths: The same, as paths.
        reference_images: Images to take things from.
        input_videos: Videos to change or to extend.
        input_audios: Sounds to change, or to speak like.
        last_frame: Image that a video ends with.
        keyframes: Images within a video: ``{"image": …, "timestamp": seconds}``.
        generate_audio: Whether a video has sound.
        continue_from: The `continuation_id` of an earlier medium.
        edit_mode: What is done with what is given.
        mask_path: Image that is transparent where the first input image is to be changed.
        mask_mode: Where the mask comes from.
        mask_dilation: Share of the image by which the mask grows, 0 to 1.
        segmentation_classes: Numbers of the things that `MaskMode.SEMANTIC` masks.
        markup_path: Transparent image with marks on the one that is changed.
        style_image_path: Image whose style is taken.
        style_description: The style in words.
        control_image_path: Image whose shapes are taken.
        control_type: What it is: ``canny``, ``scribble``, ``face_mesh`` …
        subject_image_path: Image of the subject.
        subject_type: What it shows: ``person``, ``animal``, ``product`` …
        subject_description: The subject in words.
        audio_type: Speech, dialogue, a sound effect or music.
        voice: Name or id of the voice.
        voice_settings: Of the voice, in the vendor's words, such as ``{"stability": 0.5}``.
        speed: Of speech; 1 is normal.
        instructions: How to speak.
        language: Of speech, such as ``en``.
        dialogue: Lines of several voices: ``{"text": …, "voice": …}``.
        lyrics: Words of a song.
        composition: Plan of a piece of music, in the vendor's form.
        instrumental: Whether music is to be without a voice.
        extra_params: Further parameters, JSON values, given to the vendor as they are. Options of this table are taken
            for what they are here.

    Raises:
        ConfigurationError: Something in it cannot be; names every fault.
    """

    prompt: str = ""
    media_type: MediaType = MediaType.IMAGE
    output_path: Path | None = None
    output_dir: Path | None = None
    backend: str | None = None
    model: str | None = None
    n: int = 1
    quality: str | None = None
    size: str | None = None
    aspect_ratio: str | None = None
    duration: float | None = None
    output_format: OutputFormat | None = None
    output_compression: int | None = None
    background: Background | None = None
    negative_prompt: str | None = None
    seed: int | None = None
    guidance_scale: float | None = None
    steps: int | None = None
    sampler: str | None = None
    strength: float | None = None
    partial_images: int | None = None
    input_images: tuple[Part, ...] = ()
    input_image_paths: tuple[Path, ...] = ()
    reference_images: tuple[Part, ...] = ()
    input_videos: tuple[Part, ...] = ()
    input_audios: tuple[Part, ...] = ()
    last_frame: Part | None = None
    keyframes: tuple[dict[str, Any], ...] = ()
    generate_audio: bool | None = None
    continue_from: str | None = None
    edit_mode: EditMode | None = None
    mask_path: Path | None = None
    mask_mode: MaskMode | None = None
    mask_dilation: float | None = None
    segmentation_classes: tuple[int, ...] = ()
    markup_path: Path | None = None
    style_image_path: Path | None = None
    style_description: str | None = None
    control_image_path: Path | None = None
    control_type: str | None = None
    subject_image_path: Path | None = None
    subject_type: str | None = None
    subject_description: str | None = None
    audio_type: AudioType | None = None
    voice: str | None = None
    voice_settings: dict[str, Any] = {}
    speed: float | None = None
    instructions: str | None = None
    language: str | None = None
    dialogue: tuple[dict[str, Any], ...] = ()
    lyrics: str | None = None
    composition: dict[str, Any] = {}
    instrumental: bool | None = None
    extra_params: dict[str, Any] = {}

    def __post_init__(self) -> None:
        for name, default in _DEFAULTS.items():
            if default is not None and getattr(self, name) is None:
                force_setattr(self, name, default)
        extra = dictionary("extra_params", self.extra_params)
        named = {name: value for name, value in extra.items() if name in OPTIONS and self._is_absent(name)}
        for name, value in named.items():
            force_setattr(self, name, value)
        force_setattr(self, "extra_params", {name: value for name, value in extra.items() if name not in named})
        for name, value in converted(self).items():
            force_setattr(self, name, value)
        faults = faults_of(self)
        if faults:
            raise ConfigurationError("; ".join(faults))

    @classmethod
    def of(cls, **fields: Any) -> Self:
        """Return the request with *fields*, for callers whose values come from elsewhere; None is left out.

        Raises:
            ConfigurationError: There is no such field, or something cannot be.
        """
        unknown = sorted(name for name in fields if name not in cls.__struct_fields__)
        if unknown:
            hint = "extra_params takes what only the vendor knows"
            raise ConfigurationError(f"no option is called {', '.join(unknown)}; {hint}")
        return cls(**{name: value for name, value in fields.items() if value is not None})

    def given(self) -> dict[str, Any]:
        """Return the options that were given, by name: those that a generator may or may not know."""
        return {name: getattr(self, name) for name in sorted(OPTIONS) if not self._is_absent(name)}

    def has(self, name: str) -> bool:
        """Return whether a field was given."""
        return not self._is_absent(name)

    def without(self, *names: str) -> Self:
        """Return the request without some of its options."""
        absent = {name: _DEFAULTS[name] for name in names}
        return msgspec.structs.replace(self, **absent) if absent else self

    @property
    def images(self) -> tuple[Part, ...]:
        """All input images, as media parts."""
        paths = ({"type": "image", "path": str(path)} for path in self.input_image_paths)
        return (*self.input_images, *paths)

    def _is_absent(self, name: str) -> bool:
        value = getattr(self, name)
        return value is None or (value == _DEFAULTS[name] and type(value) is type(_DEFAULTS[name]))


_FRAME: Final = frozenset((
    "prompt", "media_type", "output_path", "output_dir", "backend", "model", "extra_params",
))  # fmt: skip
_DEFAULTS: Final[Mapping[str, Any]] = {
    field.name: {} if field.default is msgspec.NODEFAULT else field.default
    for field in msgspec.structs.fields(GenerationConfig)
}
OPTIONS: Final = frozenset(GenerationConfig.__struct_fields__) - _FRAME
"""Names of what a generator may or may not know."""
MATERIAL: Final = frozenset((
    "input_images", "input_image_paths", "reference_images", "input_videos", "input_audios", "last_frame", "keyframes",
    "continue_from", "edit_mode", "mask_path", "mask_mode", "markup_path", "style_image_path", "control_image_path",
    "subject_image_path", "dialogue", "lyrics", "composition",
))  # fmt: skip
"""Options that make it another task: a generator that does not know them cannot do it, under any policy."""
