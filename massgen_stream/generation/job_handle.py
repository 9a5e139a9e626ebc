"""What a job is found by again: JSON that outlives the process which began it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Self

import msgspec

from ..errors import ConfigurationError, excerpt
from ..stream_chunk.kinds import MediaType
from .choices import MADE
from .generator import Generator
from .order import Order
from .registry import generators_of

_OURS: Final = ("provider", "generator", "media_type", "model", "media_id")
CANCELLED: Final = "cancelled"
"""Field of a handle: whether its vendor was told that nobody waits for the job."""
_NEEDED: Final = (*_OURS, "id")


class JobHandle(NamedTuple):
    """A job that was begun, as its handle tells.

    Attributes:
        generator: The class that goes on with it.
        media_type: What it makes.
        model: Model id.
        media_id: Id of the first medium.
        prompt: What was asked for; files are named by it.
        job: What the vendor finds it by.
    """

    generator: type[Generator]
    media_type: MediaType
    model: str
    media_id: str
    prompt: str
    job: dict[str, Any]

    @classmethod
    def of(cls, handle: Mapping[str, Any] | str | bytes, own: type[Generator] | None = None) -> Self:
        """Return what a handle tells: the `job` of a `media_progress` chunk, or its JSON.

        Args:
            handle: The job.
            own: A generator of the caller's own, which began it.

        Raises:
            ConfigurationError: It is none.
            UnknownProvider: No generator has the name in it.
        """
        fields = _fields(handle)
        missing = [name for name in _NEEDED if not isinstance(fields.get(name), str)]
        if missing or fields["media_type"] not in MADE:
            raise ConfigurationError(
                f"no job handle: {', '.join(missing) or 'media_type'} is missing; give the `job` of the first"
                " media_progress chunk that has one"
            )
        named = generators_of(fields["provider"]) if own is None else (own,)
        found = next((one for one in named if one.__name__ == fields["generator"]), None)
        if found is None:
            raise ConfigurationError(
                f"{fields['provider']} has no generator {excerpt(fields['generator'])} that could go on with the job"
            )
        if fields.pop(CANCELLED, False):
            raise ConfigurationError("the job was cancelled, and nothing comes of it any more; begin it again")
        kind = MediaType(fields["media_type"])
        prompt = str(fields.pop("prompt", "") or kind.value)
        job = {name: value for name, value in fields.items() if name not in _OURS}
        return cls(found, kind, fields["model"], fields["media_id"], prompt, job)


def handle_of(generator: Generator, order: Order, media_id: str, job: Mapping[str, Any]) -> dict[str, Any]:
    """Return the handle of a job that *generator* has begun."""
    return {
        **job,
        "provider": generator.name,
        "generator": type(generator).__name__,
        "media_type": order.media_type.value,
        "model": order.model,
        "media_id": media_id,
        "prompt": order.config.prompt,
    }


def _fields(handle: Mapping[str, Any] | str | bytes) -> dict[str, Any]:
    if isinstance(handle, Mapping):
        return dict(handle)
    if not isinstance(handle, str | bytes):
        raise ConfigurationError(f"no job handle, but {excerpt(handle)!r}; only chunks with a `job` have one")
    try:
        return msgspec.json.decode(handle, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
        raise ConfigurationError(f"no job handle, but {excerpt(str(handle))!r}") from None
