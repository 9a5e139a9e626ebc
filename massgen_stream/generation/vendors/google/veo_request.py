"""The request that makes a video with Veo, as the arguments of google-genai's ``generate_videos``."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

from ....errors import ConfigurationError, excerpt
from ...config import GenerationConfig, Part
from .parts import with_bytes

_BUCKETS: Final = "gs://"


async def video_arguments(
    config: GenerationConfig, previous: Mapping[str, Any], params: Mapping[str, Any], transport: Mapping[str, Any]
) -> dict[str, Any]:
    """Return ``source`` and ``config``; the SDK must be loaded.

    Args:
        config: What is asked for.
        previous: What was kept of the video that is continued; empty: none is.
        params: What `extra_params` add: fields of ``GenerateVideosConfig``.
        transport: ``http_options``.

    Raises:
        ConfigurationError: `extra_params` hold what the SDK does not know.
        MediaError: An image or a video cannot be read.
    """
    types = import_module("google.genai.types")
    source = types.GenerateVideosSource(
        prompt=config.prompt if config.prompt.strip() else None,
        image=await _image(types, config.images[0]) if config.images else None,
        video=await _video(types, config, previous),
    )
    fields = {**_plain(config), **await _pictures(types, config), **params}
    try:
        return {"source": source, "config": types.GenerateVideosConfig(**fields, **transport)}
    except ValueError as problem:  # pydantic's, which shows values
        names = ", ".join(sorted(set(params) - set(types.GenerateVideosConfig.model_fields))) or excerpt(problem)
        raise ConfigurationError(f"extra_params: google-genai's GenerateVideosConfig does not take {names}") from None


def _plain(config: GenerationConfig) -> dict[str, Any]:
    fields = {
        "aspect_ratio": config.aspect_ratio,
        "duration_seconds": None if config.duration is None else int(config.duration),
        "resolution": config.size,
        "negative_prompt": config.negative_prompt,
        "seed": config.seed,
        "generate_audio": config.generate_audio,
        "number_of_videos": config.n if config.n > 1 else None,
        "compression_quality": None if config.quality is None else config.quality.upper(),
    }
    return {name: value for name, value in fields.items() if value is not None}


async def _pictures(types: Any, config: GenerationConfig) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if config.last_frame is not None:
        found["last_frame"] = await _image(types, config.last_frame)
    roles = [(part, "ASSET") for part in config.reference_images]
    if config.style_image_path is not None:
        roles.append(({"path": str(config.style_image_path)}, "STYLE"))
    if roles:
        found["reference_images"] = [
            types.VideoGenerationReferenceImage(image=await _image(types, part), reference_type=role)
            for part, role in roles
        ]
    return found


async def _image(types: Any, part: Part) -> Any:
    found = await with_bytes("image", part, _is_in_bucket)
    return types.Image(gcs_uri=found.get("url"), image_bytes=found.get("data"), mime_type=found.get("mime_type"))


async def _video(types: Any, config: GenerationConfig, previous: Mapping[str, Any]) -> Any:
    part = dict(previous) or (config.input_videos[0] if config.input_videos else None)
    if part is None:
        return None
    found = await with_bytes("video", part, _is_in_bucket)
    mime_type = found.get("mime_type") or "video/mp4"
    return types.Video(uri=found.get("url"), video_bytes=found.get("data"), mime_type=mime_type)


def _is_in_bucket(url: str) -> bool:
    return url.startswith(_BUCKETS)
