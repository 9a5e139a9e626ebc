"""Media that Google has put among its user's files: fetched with the user's key, once they are ready.

https://ai.google.dev/gemini-api/docs/omni: videos over 4 MB are told by an address.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final
from urllib.parse import urlsplit

from ....backend.gemini_files import files_transport
from ....backend.limits import StreamLimits
from ....backend.sdk_client import SDKClient
from ....errors import ProviderError
from ....provider.gemini import SPEC
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.multimodal import MultimodalStreamChunk
from ...downloading import downloaded
from ...order import Order

_NAME: Final = re.compile(r"/(files/[A-Za-z0-9_-]+)")
_PAUSE_SECONDS: Final = 5.0
_MOST_LOOKS: Final = 720
"""An hour's; hours of video are ready within minutes."""
_KEY: Final = "x-goog-api-key"


async def google_file(
    final: MultimodalStreamChunk, client: SDKClient, order: Order, limits: StreamLimits
) -> AsyncGenerator[BaseStreamChunk, None]:
    """Yield the medium that *final* refers to.

    Args:
        final: See `massgen_stream.generation.downloading.is_remote`.
        client: Google's.
        order: Says key and address.
        limits: Times.

    Raises:
        ProviderError: The file has failed, or is not ready after an hour.
        MediaError: It cannot be had.
        TransportError: Nobody answered, or the connection broke too often.
    """
    url, base_url = str(final.media_data), order.account.base_url or SPEC.base_url
    name = _NAME.search(url)
    if name is not None:
        await _ready(name[1], client, order, limits)
    is_google = urlsplit(url).hostname in {urlsplit(known or "").hostname for known in (base_url, SPEC.base_url)}
    key = order.account.api_key
    async with aclosing(downloaded(final, base_url, {_KEY: key} if key and is_google else None)) as pieces:
        async for piece in pieces:
            yield piece


async def _ready(name: str, client: SDKClient, order: Order, limits: StreamLimits) -> None:
    """Return once a file is ready.

    Raises:
        ProviderError: It has failed, or is not ready after an hour.
    """
    for _ in range(_MOST_LOOKS):
        found = await client.sdk.aio.files.get(name=name, config=files_transport(None, limits))
        state = getattr(found.state, "name", None)
        if state == "FAILED":
            raise ProviderError(f"Google could not process the video {name}", kind="media", code=state)
        if state != "PROCESSING":
            return
        await order.sleep(_PAUSE_SECONDS)
    minutes = _MOST_LOOKS * _PAUSE_SECONDS / 60
    why = f"Google has been processing the video {name} for {minutes:.0f} minutes; try again later"
    raise ProviderError(why, kind="timeout")
