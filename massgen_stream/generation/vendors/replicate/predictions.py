"""Pictures and videos by the models on Replicate: https://replicate.com/docs/reference/http."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, ClassVar, Final

from ....backend.turn import Turn
from ....provider.replicate import HOST
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaType
from ....stream_chunk.narrow import backend_status
from ...choices import EditMode, OutputFormat
from ...jobs import JobGenerator, VendorJob
from ...offer import Durations
from ...order import Order
from ...web_client import LIBRARIES, opened
from .job import PredictionJob
from .models import ALL, IMAGE_MODEL, VIDEO_MODEL, inputs_of
from .offer import ReplicateOffer

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_LAST: Final = 60
"""Place in the automatic choice: behind those whose models are of their own."""


class Replicate(JobGenerator):
    """Makes and changes pictures, and makes videos; the percentage is that of the model's own progress bar."""

    name = "replicate"
    title = "Replicate"
    host = HOST
    libraries: ClassVar = LIBRARIES
    offers: ClassVar = {
        MediaType.IMAGE: ReplicateOffer(
            kind=MediaType.IMAGE,
            default_model=IMAGE_MODEL,
            models=("stability-ai/*", "black-forest-labs/*", "*/*sdxl*"),
            options=ALL[MediaType.IMAGE],
            priority=_LAST,
            most=4,
            formats=(OutputFormat.PNG, OutputFormat.JPEG, OutputFormat.WEBP),
            edit_modes=frozenset((EditMode.EDIT, EditMode.INPAINT, EditMode.OUTPAINT)),
            most_images=1,
            needs_prompt=False,
        ),
        MediaType.VIDEO: ReplicateOffer(
            kind=MediaType.VIDEO,
            default_model=VIDEO_MODEL,
            models=("bytedance/seedance-*", "wan-video/*", "kwaivgi/*", "minimax/*"),
            options=ALL[MediaType.VIDEO],
            priority=_LAST,
            durations=Durations(1, 60),
            most_images=1,
            needs_prompt=False,
        ),
    }

    def notes(self, order: Order) -> Iterator[BaseStreamChunk]:
        """Yield that a model's inputs are not known."""
        if not inputs_of(order.model, order.media_type).are_known:
            detail = f"{self.name}: the inputs of {order.model} are not known here; they go under the usual names"
            yield backend_status("info", detail=detail)

    @asynccontextmanager
    async def job(self, order: Order, turn: Turn) -> AsyncIterator[VendorJob]:
        """Open the connections of one attempt."""
        base_url = order.account.base_url or str(self.host.base_url)
        key = order.account.api_key
        headers: Mapping[str, Any] = {
            **self.host.default_headers,
            **({"authorization": f"Bearer {key}"} if key else {}),
        }
        async with opened(order, turn, base_url, headers) as web:
            yield PredictionJob(web, base_url, order, turn)
