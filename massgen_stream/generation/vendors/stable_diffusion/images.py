"""Pictures by Stable Diffusion on a server of one's own: AUTOMATIC1111's web UI, or Forge, started with ``--api``.

https://github.com/AUTOMATIC1111/stable-diffusion-webui/wiki/API
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import ClassVar

from ....backend.turn import Turn
from ....errors import ConfigurationError
from ....provider.stable_diffusion import HOST
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaType
from ....stream_chunk.narrow import backend_status
from ....wire.stable_diffusion import failure_of
from ...choices import EditMode
from ...generator import Generator
from ...order import Order
from ...web_client import LIBRARIES, opened
from .offer import StableDiffusionOffer
from .request import drawing_request
from .run import DrawingRun

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_API = "/sdapi/v1"


class StableDiffusion(Generator):
    """Makes, changes and widens pictures; each grows sharper in its previews, and its seed comes with it."""

    name = "stable_diffusion"
    title = "Stable Diffusion"
    host = HOST
    libraries: ClassVar = LIBRARIES
    offers: ClassVar = {
        MediaType.IMAGE: StableDiffusionOffer(
            default_model=HOST.default_model,
            options=frozenset((
                "aspect_ratio", "edit_mode", "guidance_scale", "input_images", "mask_mode", "mask_path",
                "negative_prompt", "partial_images", "sampler", "seed", "size", "steps", "strength",
            )),
            priority=50,
            most=100,
            edit_modes=frozenset((EditMode.EDIT, EditMode.INPAINT, EditMode.OUTPAINT)),
            most_images=1,
        )
    }  # fmt: skip

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield how far each picture is, its previews, and the pictures."""
        address = order.account.base_url
        if address is None:
            raise self.closed()
        with turn.preparing():
            asked = await drawing_request(order.config, order.model)
        order.check_losses(asked.losses)
        home, headers = f"{address.rstrip('/').removesuffix(_API)}{_API}", _headers(order.account.api_key)
        async with (
            opened(order, turn, home, headers, refusal=failure_of) as web,
            aclosing(DrawingRun(web, order, turn, asked).chunks()) as chunks,
        ):
            for loss in asked.losses if turn.number == 1 else ():
                yield backend_status("loss", detail=f"{self.name}: {loss}")
            async for chunk in chunks:
                yield chunk

    @classmethod
    def closed(cls) -> ConfigurationError:
        """Return the error for a caller who names it without an address."""
        return ConfigurationError(
            f"{cls.name} needs the address of a server; set {cls.key_variables()[0]} (in Python: base_url=...)"
        )

    @classmethod
    def key_variables(cls) -> tuple[str, ...]:
        """Return the variable that may hold the address: it needs no key."""
        return cls.host.base_url_env

    @classmethod
    def is_ready(cls, environ: Mapping[str, str]) -> bool:
        """Return whether *environ* holds an address."""
        return cls.host.address(environ) is not None


def _headers(key: str | None) -> dict[str, str]:
    """Return what opens a server: ``user:password`` of its ``--api-auth``, or the token of a proxy before it."""
    if key is None:
        return {}
    said = f"Basic {b64encode(key.encode()).decode('ascii')}" if ":" in key else f"Bearer {key}"
    return {"authorization": said}
