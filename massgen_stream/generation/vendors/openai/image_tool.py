"""Images by the image tool of OpenAI's language models: https://developers.openai.com/api/docs/guides/tools-image-generation.

The Images API comes first. This is taken when an image is continued (`continue_from` is the id of the response that
holds it), when a language model is named, when images are referred to by file ids, or when
``extra_params={"image_generation": True}`` asks for it; instead of true an object of the tool's settings may stand
there. What is made so can be continued.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from fnmatch import fnmatchcase
from typing import Any, ClassVar, Final

from msgspec.structs import replace

from ....backend.openai_client import is_openai
from ....backend.response_request import ResponseRequest
from ....backend.turn import Turn
from ....errors import ConfigurationError
from ....provider.openai import RETIRED as RETIRED_MODELS
from ....provider.openai import SPEC
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType, MediaType
from ....stream_chunk.text import TextStreamChunk
from ...choices import EditMode
from ...config import GenerationConfig, Part
from ...drawn_answers import drawn_answer
from ...generator import Generator
from ...openai_sdk import opened
from ...order import Order
from ...segments import is_final
from .image_files import image_file, mask_file
from .image_offer import (
    EDIT_MODES,
    FORMATS,
    IMAGE_TOOL,
    MOST_IMAGES,
    OPTIONS,
    RETIRED,
    SIZES,
    UNSTREAMED,
    OpenAIImageOffer,
    given_images,
    picture_fields,
    previews_of,
)

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_PROTOCOL: Final = "openai.responses"
_PREFIX: Final = "resp"
_USUAL_IMAGE_MODEL: Final = "gpt-image-2.6-sunburst"
"""The tool's own (openai SDK 3.51, `responses.tool_param.ImageGeneration`)."""
_IMAGE_MODELS: Final = ("gpt-image-*", "chatgpt-image-*")
_TOOL_FIELDS: Final = frozenset((
    "action", "complexity", "frame_count", "frame_duration_ms", "input_fidelity", "moderation", "svg",
))  # fmt: skip
"""Fields of the tool that `GenerationConfig` has no option for."""


class _ToolOffer(OpenAIImageOffer, frozen=True, kw_only=True):
    """Images by the tool."""

    takes_file_ids: ClassVar[bool] = True

    def image_model(self, config: GenerationConfig) -> str:
        """Return the model that makes the image: beside the language model, which is asked."""
        settings = config.extra_params.get(IMAGE_TOOL)
        named = settings.get("model") if isinstance(settings, dict) else None
        if isinstance(named, str):
            return named
        return config.model if config.model and _makes_images(config.model) else _USUAL_IMAGE_MODEL


class OpenAIImageTool(Generator):
    """Makes and changes images, each of which can be continued; what the model says comes as text."""

    name = "openai"
    title = "OpenAI"
    host = SPEC
    libraries: ClassVar = {"openai": "openai"}
    offers: ClassVar = {
        MediaType.IMAGE: _ToolOffer(
            default_model=SPEC.default_model,
            models=("gpt-6*", "gpt-5*", "gpt-4.1*", "gpt-4o", "gpt-4o-mini", "o3", *_IMAGE_MODELS),
            options=OPTIONS,
            priority=11,
            aspect_ratios=tuple(SIZES),
            formats=FORMATS,
            edit_modes=EDIT_MODES,
            most_images=MOST_IMAGES,
            continuation=_PREFIX,
            retired={**RETIRED, **RETIRED_MODELS},
        )
    }

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield previews and the picture, as they come, and what the model says."""
        losses: list[str] = []
        with turn.preparing():
            request = await _request(order, losses)
            body = await request.body()
        losses += request.losses
        response_id = None
        async with (
            opened(order, turn, self.host, resource="responses", protocol=_PROTOCOL) as client,
            aclosing(self.with_losses(order, drawn_answer(client, turn, _PROTOCOL, body), losses)) as chunks,
        ):
            async for chunk in chunks:
                yield _continued_by(chunk, response_id)
                if isinstance(chunk, TextStreamChunk) and chunk.type is ChunkType.START:
                    response_id = None if body.get("store") is False else chunk.response_id


async def _request(order: Order, losses: list[str]) -> ResponseRequest:
    """Return the request: the tool must be used, and draws with what is asked of the picture.

    Args:
        order: What is asked for.
        losses: Grows by what was changed about the mask.

    Raises:
        ConfigurationError: A setting is none.
        MediaError: An image cannot be read, or is none that OpenAI takes.
    """
    config = order.config
    extra = {name: value for name, value in config.extra_params.items() if name not in (*_TOOL_FIELDS, IMAGE_TOOL)}
    images = [await _image(*one, config) for one in enumerate(given_images(config), 1)]
    options = {
        IMAGE_TOOL: {**await _mask(config, images, losses), **_tool(order)},
        "tool_choice": {"type": IMAGE_TOOL},
        "previous_response_id": config.continue_from,
        **extra,
    }
    said: list[Part] = [{"type": "text", "text": config.prompt}, *images]
    model = SPEC.default_model if _makes_images(order.model) else order.model
    padded = is_openai(order.account.base_url)
    return ResponseRequest(SPEC, [{"role": "user", "content": said}], (), model, options, padded=padded)


def _tool(order: Order) -> dict[str, Any]:
    """Return the settings of the tool; those of `extra_params` win."""
    config = order.config
    settings: dict[str, Any] = picture_fields(config)
    if _makes_images(order.model):
        settings["model"] = order.model
    if config.output_format not in UNSTREAMED:
        settings["partial_images"] = previews_of(config)
    if config.edit_mode is EditMode.EDIT:
        settings["action"] = "edit"
    given = config.extra_params.get(IMAGE_TOOL, True)
    if given is not True and not isinstance(given, dict):
        raise ConfigurationError(f"{IMAGE_TOOL} must be true or an object of settings, not {type(given).__name__}")
    named = {name: value for name, value in config.extra_params.items() if name in _TOOL_FIELDS}
    return {**settings, **named, **(given if isinstance(given, dict) else {})}


async def _mask(config: GenerationConfig, images: list[Part], losses: list[str]) -> dict[str, Any]:
    if config.mask_path is None or not images:
        return {}
    file = await mask_file(config.mask_path, images[0].get("data"), losses)
    return {"input_image_mask": {"image_url": file.data_url}}


async def _image(number: int, part: Part, config: GenerationConfig) -> Part:
    """Return a part of the message; what OpenAI can reach itself is not read here, unless a mask must fit it."""
    is_masked = number == 1 and config.mask_path is not None
    is_reachable = part.get("url", "").startswith(("http://", "https://"))
    if "file_id" in part or (is_reachable and not is_masked):
        return {"type": "image", **{name: part[name] for name in ("file_id", "url") if name in part}}
    file = await image_file(number, part)
    return {"type": "image", "data": file.data, "mime_type": file.mime_type}


def _makes_images(model: str) -> bool:
    return any(fnmatchcase(model, pattern) for pattern in _IMAGE_MODELS)


def _continued_by(chunk: BaseStreamChunk, response_id: str | None) -> BaseStreamChunk:
    """Return *chunk*, the final of a picture with the id by which it is continued."""
    is_known = response_id is not None and response_id.startswith(f"{_PREFIX}_")
    return replace(chunk, continuation_id=response_id) if is_known and is_final(chunk) else chunk
