"""Media made to keep a receiver's limits: shrunk and encoded again, with all that gets lost told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from ..errors import MediaOverLimit
from ..stream_chunk.kinds import MediaType
from ..stream_chunk.multimodal import MediaMetadata
from .converted import Converted
from .decoding_limits import DEFAULT, DecodingLimits
from .kept_results import run_kept
from .limits import MediaLimits, breaches
from .local_file import LocalFile, local_file
from .picture_fitting import fit_picture
from .probing import Probed, probed
from .recording_fitting import fit_sound, fit_video
from .worker_pool import THREADS, Stop, Workers

if TYPE_CHECKING:
    from .cache import MediaCache


class Fitted(msgspec.Struct, frozen=True, kw_only=True):
    """A medium that keeps the limits.

    Attributes:
        data: Its bytes; None: the medium keeps them as it is.
        metadata: What is known of it.
        losses: What it does not have any more, one line each.
    """

    data: bytes | None
    metadata: MediaMetadata
    losses: tuple[str, ...] = ()


async def fit(
    medium: Any,
    limits: MediaLimits,
    *,
    mime_type: str | None = None,
    filename: str | None = None,
    decoding: DecodingLimits = DEFAULT,
    workers: Workers = THREADS,
    cache: MediaCache | None = None,
) -> Fitted:
    """Return *medium* in a form that keeps *limits*, as close to itself as they allow.

    Pictures are shrunk and encoded again, as another type where theirs is not taken or too large, and stand still where
    frames are too many. Sound and video get a lower bit rate, size and rate, never fewer seconds. Documents and files
    cannot be made smaller.

    Args:
        medium: Anything that `MediaSource.of` takes.
        limits: What the receiver takes.
        mime_type: What it is declared as.
        filename: Its name.
        decoding: What is refused before it is decoded.
        workers: Where it is done.
        cache: Where the result is kept, and looked for first; None: nowhere.

    Raises:
        MediaOverLimit: It cannot be made to fit; names every limit that it breaks, with its figure and the value.
        BrokenMedia: It is cut off or damaged.
        UnsafeMedia: It is over what is decoded.
        MediaError: It cannot be read.
    """
    async with local_file(medium, max_bytes=decoding.max_bytes, mime_type=mime_type, filename=filename) as file:
        nameless = msgspec.structs.replace(file, filename=None)
        found = await run_kept(cache, workers, Fitted, fitted, nameless, limits, decoding)
        if found.data is not None:
            return found
        return msgspec.structs.replace(found, metadata=msgspec.structs.replace(found.metadata, filename=file.filename))


def fitted(stop: Stop, file: LocalFile, limits: MediaLimits, decoding: DecodingLimits) -> Fitted:
    """Return a local medium in a form that keeps *limits*; blocks."""
    facts = probed(stop, file, decoding, whole=False)
    if not breaches(facts.metadata, limits):
        return Fitted(data=None, metadata=facts.metadata)
    made = _made(stop, file, facts, limits, decoding)
    if made is None or breaches(made.metadata, limits):
        raise MediaOverLimit([str(one) for one in breaches(facts.metadata, limits, f"the {facts.kind}")])
    return Fitted(data=made.data, metadata=made.metadata, losses=made.losses)


def _made(
    stop: Stop, file: LocalFile, facts: Probed, limits: MediaLimits, decoding: DecodingLimits
) -> Converted | None:
    too_long = [one for one in breaches(facts.metadata, limits) if one.limit in ("max_seconds", "max_pages")]
    if too_long:
        return None
    if facts.kind is MediaType.IMAGE:
        return fit_picture(stop, file, facts.metadata, limits, decoding)
    if facts.kind is MediaType.AUDIO:
        return fit_sound(stop, file, facts.metadata, limits, decoding)
    if facts.kind is MediaType.VIDEO:
        return fit_video(stop, file, facts.metadata, limits, decoding)
    return None
