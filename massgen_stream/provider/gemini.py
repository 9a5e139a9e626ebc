"""Google Gemini, by API key or through Google Cloud: https://ai.google.dev/gemini-api/docs."""

from __future__ import annotations

from typing import Final

from .spec import MIB, Model, NativeTool, ProviderSpec

_INLINE: Final = "https://ai.google.dev/gemini-api/docs/file-input-methods: 100 MB for a whole request"
_FILE_BYTES: Final = 2_000_000_000
"""https://ai.google.dev/gemini-api/docs/files: 2 GB; a PDF has 50 MB at most, uploaded or not."""


def _tool(name: str) -> NativeTool:
    return NativeTool({name: {}}, key=name)


_GENERATE_CONTENT_TOOLS: Final = {
    # https://ai.google.dev/api/caching#Tool
    "web_search": _tool("googleSearch"),
    "web_fetch": _tool("urlContext"),
    "code_execution": _tool("codeExecution"),
    "maps": _tool("googleMaps"),
    "file_search": _tool("fileSearch"),
    "computer_use": NativeTool({"computerUse": {"environment": "ENVIRONMENT_BROWSER"}}, key="computerUse"),
}
_INTERACTIONS_TOOLS: Final = {
    # https://ai.google.dev/api/interactions-api#Resource:Tool
    "web_search": NativeTool({"type": "google_search"}),
    "web_fetch": NativeTool({"type": "url_context"}),
    "code_execution": NativeTool({"type": "code_execution"}),
    "maps": NativeTool({"type": "google_maps"}),
    "file_search": NativeTool({"type": "file_search"}),
    "computer_use": NativeTool({"type": "computer_use", "environment": "browser"}),
}

SPEC = ProviderSpec(
    name="gemini",
    title="Google Gemini",
    protocol="google.generate_content",
    apis={
        "generate_content": {},
        "interactions": {
            "protocol": "google.interactions",
            "native_tools": _INTERACTIONS_TOOLS,
            "output_media": ("image", "audio", "video"),
        },
    },
    base_url="https://generativelanguage.googleapis.com",
    base_url_env=("GOOGLE_GEMINI_BASE_URL",),
    api_key_env=("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    default_model="gemini-3.8-flash",
    models=(
        # https://ai.google.dev/gemini-api/docs/models; one limit for input and output together on Gemini 4
        Model("gemini-4-carbon", 1_048_576, 1_048_576),
        Model("gemini-4-argon"),
        Model("gemini-4-hydrogen"),
        Model("gemini-3.8-flash", 1_048_576, 65_536, "2026-09-02"),
        Model("gemini-3.7-flash", 1_048_576, 65_536),
        Model("gemini-3.5-flash-lite", 1_048_576, 65_536),
        Model("gemini-nano-banana-2.1"),
        Model("gemini-3-pro-image", 65_536, 32_768, "2026-05-28"),
        Model("gemini-3.1-flash-image", 65_536, 32_768, "2026-05-28"),
        Model("gemini-3.1-pro-preview", 1_048_576, 65_536, "2026-02-19"),
    ),
    retired={
        # https://ai.google.dev/gemini-api/docs/deprecations
        "gemini-1.*": "shut down in September 2025; use gemini-3.8-flash",
        "gemini-2.0-flash*": "shut down on 2026-06-01; use gemini-3.8-flash",
        "gemini-2.5-pro-preview-*": "shut down on 2025-12-02; use gemini-3.1-pro-preview",
        "gemini-2.5-pro": "shut down on 2026-12-01, then answered by gemini-3.8-flash",
        "gemini-2.5-flash": "shut down on 2026-12-01, then answered by gemini-3.5-flash-lite",
        "gemini-3-pro-preview": "shut down on 2026-03-09; use gemini-3.1-pro-preview",
        "gemini-3-pro-image-preview": "shut down on 2026-06-25; use gemini-3-pro-image",
        "gemini-3.1-flash-image-preview": "shut down on 2026-06-25; use gemini-nano-banana-2.1",
        "gemini-3.1-flash-image": "shut down on 2026-10-29; use gemini-nano-banana-2.1",
        "gemini-2.5-flash-image": "will be shut down on 2027-03-15; use gemini-nano-banana-2.1",
    },
    native_tools=_GENERATE_CONTENT_TOOLS,
    request_media_bytes=100 * MIB * 3 // 4,
    input_media={"image": 100 * MIB, "audio": 100 * MIB, "video": 100 * MIB, "document": 50 * MIB},
    media_sources={
        "image": f"{_INLINE}; the origin had 20 MB",
        "audio": f"{_INLINE}; the origin had 25 MB",
        "video": f"{_INLINE}; as the origin",
        "document": f"{_INLINE}, 50 MB for a PDF; the origin had 30 MB",
    },
    uploads={"image": _FILE_BYTES, "audio": _FILE_BYTES, "video": _FILE_BYTES},
    output_media=("image", "audio"),
    priority=16,
    notes="goes through Google Cloud with enterprise=True, project and location",
    extra="google",
    documentation="https://ai.google.dev/gemini-api/docs",
)
