"""Videos by the models behind ElevenLabs' flows (Veo, Seedance …): https://elevenlabs.io/docs/api-reference/flows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar, Final

from ....backend.turn import Turn
from ....provider.elevenlabs import HOST
from ....stream_chunk.kinds import MediaType
from ...config import GenerationConfig
from ...jobs import JobGenerator
from ...offer import Offer
from ...order import Order
from .client import LIBRARIES, opened
from .flow_models import DEPENDENT, VIDEO_MODELS, faults_of, unknown_to
from .flows import Body, FlowJob, reference, references
from .sound import NAME

_FLOW: Final = "flows.video"


class _VideoOffer(Offer, frozen=True, kw_only=True):
    """Videos, with what each model takes."""

    def knows(self, option: str, config: GenerationConfig) -> bool:
        """Return whether the model has an option."""
        return super().knows(option, config) and option not in unknown_to(config.model or self.default_model)

    def left_out(self, config: GenerationConfig) -> dict[str, str]:
        """Return the prompt, where the model needs no words."""
        facts = VIDEO_MODELS.get(config.model or self.default_model)
        return {"prompt": "the sound says what is spoken"} if facts is not None and facts.is_lipsync else {}

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        yield from faults_of(config.model or self.default_model, config)


class ElevenLabsVideos(JobGenerator):
    """Makes videos of words, frames, and references to images, videos and sounds.

    The first input image is the first frame. Reference images show subjects to Veo, `style_image_path` a style.
    """

    name = NAME
    title = "ElevenLabs"
    host = HOST
    libraries: ClassVar = LIBRARIES
    offers: ClassVar = {
        MediaType.VIDEO: _VideoOffer(
            default_model="veo-3.1-generate-001",
            models=tuple(VIDEO_MODELS),
            options=DEPENDENT | {"input_images", "size"},
            priority=40,
            most_images=1,
            needs_prompt=False,
        )
    }

    @asynccontextmanager
    async def job(self, order: Order, turn: Turn) -> AsyncIterator[FlowJob]:
        """Open the SDK; a request is made of the order unless its job was begun before."""
        with turn.preparing():
            body = None if order.job is not None else await video_request(order.config, order.model)
        async with opened(order.account, turn, _FLOW, clients=order.clients) as sdk:
            yield FlowJob(sdk.flows.video, body, order, order.media_id(turn))


async def video_request(config: GenerationConfig, model: str) -> Body:
    """Return the body of a request.

    Raises:
        MediaError: A medium cannot be read.
    """
    facts = VIDEO_MODELS.get(model)
    shape: Body = {"model_id": model, "resolution": _resolution(config.size, facts.sizes if facts else ())}
    if facts is not None and facts.is_lipsync:
        found = {
            **shape,
            "image": await reference("image", config.images[0], "input_images[0]"),
            "audio": await reference("audio", config.input_audios[0], "input_audios[0]"),
            "guidance_scale": config.guidance_scale,
        }
    else:
        found = {
            **shape,
            "prompt": config.prompt,
            "negative_prompt": config.negative_prompt,
            "aspect_ratio": config.aspect_ratio,
            "duration_secs": None if config.duration is None else int(config.duration),
            "seed": config.seed,
            "generate_audio": config.generate_audio,
            **await _media(config, has_roles=model.startswith("veo-")),
        }
    return {name: value for name, value in found.items() if value not in (None, [])}


async def _media(config: GenerationConfig, *, has_roles: bool) -> Body:
    images: list[Any] = await references("image", config.reference_images, "reference_images")
    if has_roles:
        images = [{"image": image, "role": "subject"} for image in images]
        if config.style_image_path is not None:
            style = await reference("image", {"path": str(config.style_image_path)}, "style_image_path")
            images.append({"image": style, "role": "style"})
    last = config.last_frame
    return {
        "start_frame": await reference("image", config.images[0], "input_images[0]") if config.images else None,
        "end_frame": None if last is None else await reference("image", last, "last_frame"),
        "images": images,
        "videos": await references("video", config.input_videos, "input_videos"),
        "audios": await references("audio", config.input_audios, "input_audios"),
    }


def _resolution(size: str | None, known: tuple[str, ...]) -> str | None:
    """Return a size as the model spells it: one says ``4K``, the other ``4k``."""
    return next((own for own in known if size is not None and own.lower() == size.lower()), size)
