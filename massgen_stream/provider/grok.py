"""Grok, through xAI's own gRPC API: https://docs.x.ai."""

from __future__ import annotations

from typing import Final

from .spec import MIB, Model, NativeTool, ProviderSpec

_IMAGES: Final = "https://docs.x.ai/developers/model-capabilities/images/understanding: 20 MiB, jpg or png"
_FILES: Final = "https://docs.x.ai/docs/guides/files: 48 MB"
_MESSAGE: Final = "xai_sdk.client: a message of the API holds 20 MiB"
_MAY: Final = "retired on 2026-05-15 (https://docs.x.ai/developers/migration/may-15-retirement)"


def _tool(name: str) -> NativeTool:
    return NativeTool({name: {}}, key=name)


SPEC = ProviderSpec(
    name="grok",
    title="xAI Grok",
    protocol="grok",
    base_url="https://api.x.ai",
    api_key_env=("XAI_API_KEY",),
    default_model="grok-4.6",
    models=(
        # https://docs.x.ai/docs/models
        Model("grok-4.6", 500_000, released="2026-08-07"),
        Model("grok-4.5", 500_000, released="2026-07"),
        Model("grok-4.3", 1_000_000),
        Model("grok-4.20", 1_000_000),
        Model("grok-4.20-non-reasoning", 1_000_000),
        Model("grok-4.20-multi-agent"),
        Model("grok-build-0.1", 256_000),
    ),
    retired={
        "grok-4-1-fast*": f"{_MAY}; use grok-4.3",
        "grok-4-fast*": f"{_MAY}; use grok-4.3",
        "grok-4-0709": f"{_MAY}; use grok-4.3",
        "grok-4": f"{_MAY}; use grok-4.3",
        "grok-code-fast-1": f"{_MAY}; use grok-build-0.1",
        "grok-3": f"{_MAY}; use grok-4.3",
        "grok-3-*": f"{_MAY}; use grok-4.3",
        "grok-2*": "shut down before; use grok-4.3",
    },
    native_tools={
        # xai_sdk.tools
        "web_search": _tool("web_search"),
        "x_search": _tool("x_search"),
        "code_execution": _tool("code_execution"),
        "image_generation": _tool("image_generation"),
        "file_search": _tool("collections_search"),
    },
    input_media={"image": 20 * MIB, "document": 20 * MIB},
    media_sources={
        "image": f"{_IMAGES}; {_MESSAGE}; the origin named none",
        "document": f"{_FILES} for an uploaded file; {_MESSAGE}; the origin named none",
    },
    uploads={"document": 48_000_000},
    output_media=("image",),
    priority=35,
    notes="speaks gRPC: base_url is http://host:port without encryption, or https://host; draws by image_generation",
    extra="xai",
    documentation="https://docs.x.ai",
)
