"""Anthropic's Claude, https://platform.claude.com/docs/en/about-claude/models/overview."""

from __future__ import annotations

from typing import Final

from .spec import Model, NativeTool, PixelLimits, ProviderSpec

_OUTPUT: Final = 128_000
_CONTEXT: Final = 1_000_000

_IMAGE_BYTES: Final = 10 * 2**20 * 3 // 4
"""10 MiB of base64."""

_DOCUMENT_BYTES: Final = 32_000_000 * 3 // 4
"""As base64 a whole request."""

_SONNET: Final = "use claude-sonnet-5-5"
_OPUS: Final = "use claude-opus-5-5"
_HAIKU: Final = "use claude-haiku-5-5"

SPEC = ProviderSpec(
    name="claude",
    title="Anthropic Claude",
    protocol="anthropic.messages",
    base_url="https://api.anthropic.com",
    base_url_env=("ANTHROPIC_BASE_URL",),
    api_key_env=("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"),
    default_model="claude-sonnet-5-5",
    models=(
        # https://platform.claude.com/docs/en/models/haiku-5-5/overview, and the like for the others
        Model("claude-haiku-5-5", _CONTEXT, _OUTPUT, "2026-10-07"),
        Model("claude-sonnet-5-5", _CONTEXT, _OUTPUT),
        Model("claude-opus-5-5", _CONTEXT, _OUTPUT),
        Model("claude-fable-5-1", _CONTEXT, _OUTPUT),
        Model("claude-opus-5", _CONTEXT, _OUTPUT, "2026-07-24"),
        Model("claude-sonnet-5", _CONTEXT, _OUTPUT, "2026-06-30"),
        Model("claude-haiku-4-5", 200_000, 64_000, "2025-10-15"),
    ),
    retired={
        # https://platform.claude.com/docs/en/about-claude/model-deprecations
        "claude-1*": f"shut down on 2024-11-06; {_SONNET}",
        "claude-instant*": f"shut down on 2024-11-06; {_HAIKU}",
        "claude-2*": f"shut down on 2025-07-21; {_SONNET}",
        "claude-3-sonnet*": f"shut down on 2025-07-21; {_SONNET}",
        "claude-3-opus*": f"shut down on 2026-01-05; {_OPUS}",
        "claude-3-5-haiku*": f"shut down on 2026-02-19; {_HAIKU}",
        "claude-3-7-sonnet*": f"shut down on 2026-02-19; {_SONNET}",
        "claude-opus-4-0": f"shut down on 2026-06-15; {_OPUS}",
        "claude-opus-4-2025*": f"shut down on 2026-06-15; {_OPUS}",
        "claude-sonnet-4-0": f"shut down on 2026-06-15; {_SONNET}",
        "claude-sonnet-4-2025*": f"shut down on 2026-06-15; {_SONNET}",
        "claude-mythos-preview": "shut down on 2026-06-30; use claude-mythos-5-2",
        "claude-sonnet-4-5*": f"will be shut down on 2026-11-30; {_SONNET}",
    },
    native_tools={
        # https://platform.claude.com/docs/en/agents-and-tools/tool-use/tool-reference
        "web_search": NativeTool({"type": "web_search_20260318", "name": "web_search"}),
        "web_fetch": NativeTool({"type": "web_fetch_20260318", "name": "web_fetch"}),
        "code_execution": NativeTool({"type": "code_execution_20260521", "name": "code_execution"}),
        "computer_use": NativeTool({"type": "computer_toolset_20260801"}),
        "shell": NativeTool({"type": "bash_20250124", "name": "bash"}),
        "memory": NativeTool({"type": "memory_20250818", "name": "memory"}),
    },
    input_media={"image": _IMAGE_BYTES, "document": _DOCUMENT_BYTES},
    # https://platform.claude.com/docs/en/build-with-claude/vision#general-limits
    image_pixels=PixelLimits(side=8000, many=20, side_of_many=2000),
    request_media_bytes=_DOCUMENT_BYTES,
    # https://platform.claude.com/docs/en/build-with-claude/files: 500 MB; the limit of images is the model's
    uploads={"image": _IMAGE_BYTES, "document": 500_000_000},
    media_sources={
        "image": "the API's own error: 10485760 bytes of base64; the origin had 5 MB",
        "document": "https://platform.claude.com/docs/en/api/overview#request-size-limits: 32 MB for a request; "
        "the origin had 10 MB",
    },
    priority=12,
    notes="max_tokens is the model's own limit unless given; shell, computer_use and memory are run by the client",
    documentation="https://platform.claude.com/docs/en/api/messages",
    extra="anthropic",
)
