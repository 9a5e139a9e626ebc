"""The inputs of a prediction: options under the names that the model has for them, media as addresses."""

from __future__ import annotations

from typing import Any, Final

from ....errors import MalformedEvent
from ....wire.json_value import parse
from ...address_segments import address_segment
from ...choices import OutputFormat
from ...config import GenerationConfig, Part
from ...config_checks import pixels
from ...form_file import FormFile, form_file
from ...order import Order
from ...picture_changes import changed_picture
from ...web_client import WebClient
from .models import inputs_of

_MOST_DATA_BYTES: Final = 512 * 2**10
"""https://replicate.com/docs/topics/predictions/input-files: larger files are better uploaded."""
_MOST_BYTES: Final = 100 * 2**20
_TYPES: Final = {
    "image": ("image/png", "image/jpeg", "image/webp", "image/gif"),
    "video": ("video/mp4", "video/webm", "video/quicktime"),
    "audio": ("audio/mpeg", "audio/wav", "audio/flac", "audio/ogg", "audio/aac", "audio/mp4"),
}
_PLAIN: Final = (
    "negative_prompt", "aspect_ratio", "guidance_scale", "strength", "steps", "sampler", "seed", "generate_audio",
    "output_compression",
)  # fmt: skip
_LISTS: Final = {"reference_images": "image", "input_videos": "video", "input_audios": "audio"}


async def prediction_request(order: Order, web: WebClient, losses: list[str]) -> tuple[str, dict[str, Any]]:
    """Return path and body of the request that begins a prediction; large files are uploaded first.

    Args:
        order: What is asked for.
        web: The host.
        losses: Grows by what was changed about its media.

    Raises:
        MediaError: A medium cannot be read, is too large, or is of no type that is taken.
        ProviderError: A file cannot be uploaded.
    """
    config, model = order.config, order.model
    fields = inputs_of(model, order.media_type).fields
    inputs: dict[str, Any] = {"prompt": config.prompt} if config.prompt else {}
    inputs |= _plain(config, fields)
    inputs |= await _media(config, fields, web, losses)
    body: dict[str, Any] = {"input": {**inputs, **config.extra_params}}
    name, _, version = model.partition(":")
    if version:
        return "/v1/predictions", {"version": version, **body}
    return f"/v1/models/{_path_of(name)}/predictions", body


def _path_of(name: str) -> str:
    return "/".join(address_segment(part, "model") for part in name.split("/"))


def _plain(config: GenerationConfig, fields: Any) -> dict[str, Any]:
    found = {fields[name]: getattr(config, name) for name in _PLAIN if name in fields}
    if config.n > 1 and "n" in fields:
        found[fields["n"]] = config.n
    if config.duration is not None and "duration" in fields:
        found[fields["duration"]] = int(config.duration)
    if config.output_format is not None and "output_format" in fields:
        jpeg = config.output_format is OutputFormat.JPEG
        found[fields["output_format"]] = "jpg" if jpeg else config.output_format.value
    sides = pixels(config.size)
    if config.size is not None and "size" in fields:
        names = fields["size"].split(",")
        found |= dict(zip(names, sides if sides is not None and len(names) > 1 else (config.size,), strict=False))
    return {name: value for name, value in found.items() if value is not None}


async def _media(config: GenerationConfig, fields: Any, web: WebClient, losses: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if config.images and (config.edit_mode is not None or config.mask_path is not None):
        picture, mask, changes = await changed_picture(config)
        losses += changes
        found[fields["input_images"]] = await _file_address(picture, web)
        if mask is not None:
            found[fields["mask_path"]] = await _file_address(mask, web)
    elif config.images:
        found[fields["input_images"]] = await _address("image", config.images[0], "the input image", web)
    if config.last_frame is not None:
        found[fields["last_frame"]] = await _address("image", config.last_frame, "last_frame", web)
    for name, kind in _LISTS.items():
        parts = getattr(config, name)
        if parts:
            places = enumerate(parts, 1)
            found[fields[name]] = [await _address(kind, part, f"{kind} {place}", web) for place, part in places]
    return found


async def _address(kind: str, part: Part, where: str, web: WebClient) -> str:
    """Return where the model finds a medium: its own address, a ``data:`` URL, or where it was uploaded to."""
    url = part.get("url")
    if isinstance(url, str):
        return url
    return await _file_address(await form_file(part, where, kind, takes=_TYPES[kind], most_bytes=_MOST_BYTES), web)


async def _file_address(file: FormFile, web: WebClient) -> str:
    if len(file.data) <= _MOST_DATA_BYTES:
        return file.data_url
    answer = parse(await web.upload("/v1/files", "content", file))
    address = (answer.get("urls") or {}).get("get") if isinstance(answer, dict) else None
    if not isinstance(address, str):
        raise MalformedEvent("an uploaded file without its address")
    return address
