"""OpenRouter's list of video models: https://openrouter.ai/docs/api/api-reference/video-generation/list-videos-models.

A part of it. What its models do not make is refused; models that are not in it make anything.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from ...body_fields import Body
from ...request import Request
from ...vendor import BadRequest, Result

_CREATED: Final = 1_700_000_000
_WIDE: Final = ("16:9", "9:16")
_ALL: Final = ("1:1", "3:4", "9:16", "4:3", "16:9", "21:9", "9:21")
_BOTH: Final = ("first_frame", "last_frame")


class _Listed(NamedTuple):
    durations: tuple[int, ...]
    resolutions: tuple[str, ...]
    ratios: tuple[str, ...]
    sizes: tuple[str, ...] | None = None
    frames: tuple[str, ...] | None = _BOTH


_VEO: Final = _Listed((4, 6, 8), ("720p", "1080p", "4K"), _WIDE, ("1280x720", "720x1280", "1920x1080", "1080x1920"))
_KLING: Final = _Listed(tuple(range(3, 16)), ("720p",), (*_WIDE, "1:1"), ("1280x720", "720x1280", "720x720"))
_MODELS: Final = {
    "google/veo-3.1": _VEO,
    "google/veo-3.1-fast": _VEO,
    "google/veo-3.1-lite": _VEO,
    "openai/sora-2-pro": _Listed((4, 8, 12, 16, 20), ("720p", "1080p"), _WIDE, frames=None),
    "kwaivgi/kling-v3.0-pro": _KLING,
    "kwaivgi/kling-v3.0-std": _KLING,
    "kwaivgi/kling-video-o1": _KLING._replace(durations=(5, 10)),
    "bytedance/seedance-2.0": _Listed(tuple(range(4, 16)), ("480p", "720p", "1080p", "4K"), _ALL),
    "minimax/hailuo-2.3": _Listed((6, 10), ("1080p",), ("16:9",), frames=_BOTH[:1]),
    "alibaba/wan-2.7": _Listed(tuple(range(2, 16)), ("720p", "1080p"), _ALL[:5]),
}
"""As public programs quote the list; what they leave out is made up here."""


def listed(_: Request) -> Result:
    """Return the list, with the fields of ``VideoModel`` in the SDK `openrouter` 1.3.84."""
    return Result({"data": [_document(name, model) for name, model in _MODELS.items()]}, "")


def check(name: str, body: Body) -> None:
    """Check what is asked of a model.

    Raises:
        BadRequest: It does not make that.
    """
    model = _MODELS.get(name)
    if model is None or body.get("previous_job_id") is not None:
        return
    frames = [frame.get("frame_type") for frame in body.get("frame_images") or ()]
    for field, given, known in (
        ("duration", body.get("duration"), model.durations),
        ("resolution", body.get("resolution"), model.resolutions),
        ("aspect_ratio", body.get("aspect_ratio"), model.ratios),
        ("size", body.get("size"), model.sizes),
        *(("frame_images", frame, model.frames) for frame in frames),
    ):
        if given is not None and known is not None and given not in known:
            raise BadRequest(f"{name} does not support {field} {given}. Supported: {', '.join(map(str, known))}.")


def _document(name: str, model: _Listed) -> dict[str, Any]:
    return {
        "id": name,
        "canonical_slug": name,
        "name": name.rpartition("/")[2],
        "created": _CREATED,
        "description": "A model of the simulator.",
        "allowed_passthrough_parameters": [],
        "creativity": None,
        "generate_audio": True,
        "pricing_skus": {"duration_seconds": "0.10"},
        "seed": None,
        "supported_aspect_ratios": list(model.ratios),
        "supported_durations": list(model.durations),
        "supported_frame_images": None if model.frames is None else list(model.frames),
        "supported_resolutions": list(model.resolutions),
        "supported_sizes": None if model.sizes is None else list(model.sizes),
        "upscale_factor": None,
    }
