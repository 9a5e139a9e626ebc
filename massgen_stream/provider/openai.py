"""OpenAI, https://developers.openai.com/api/docs."""

from __future__ import annotations

from typing import Final

from .spec import MIB, Model, NativeTool, ProviderSpec

_PAST: Final = "shut down on {}; see https://developers.openai.com/api/docs/deprecations"
_COMING: Final = "will be shut down on {}; see https://developers.openai.com/api/docs/deprecations"

# What the openai SDK 3.51 says of the parameter `model` of `responses.create`; the first pattern that fits wins.
RETIRED: Final = {
    **dict.fromkeys(("gpt-5.3-chat-latest", "gpt-5.2-chat-latest"), _PAST.format("2026-08-10")),
    **dict.fromkeys(
        ("gpt-5.1-codex*", "gpt-5.1-chat-latest", "gpt-5-chat-latest", "gpt-5-codex", "gpt-4o*-search-preview*",
         "o3-deep-research*", "o4-mini-deep-research*", "computer-use-preview*"),
        _PAST.format("2026-07-23"),
    ),
    **dict.fromkeys(("gpt-4o-audio-preview*", "gpt-4o-mini-audio-preview*"), _PAST.format("2026-05-07")),
    **dict.fromkeys(("chatgpt-4o-latest", "codex-mini*"), _PAST.format("2026-02-17")),
    **dict.fromkeys(("o1-mini*", "o1-preview*"), _PAST.format("2025-10-27")),
    **dict.fromkeys(
        ("gpt-4.1-nano*", "o4-mini*", "o3-mini*", "o1", "o1-2*", "o1-pro*", "gpt-4o-2024-05-13", "gpt-4-*", "gpt-4",
         "gpt-3.5-*"),
        _PAST.format("2026-10-23"),
    ),
    **dict.fromkeys(
        ("gpt-5", "gpt-5-2*", "gpt-5-mini*", "gpt-5-nano*", "gpt-5-pro*", "o3", "o3-2*", "o3-pro*"),
        _COMING.format("2026-12-11"),
    ),
    **dict.fromkeys(
        ("gpt-4.1*", "gpt-4o", "gpt-4o-2*", "gpt-4o-mini", "gpt-4o-mini-2*"), _COMING.format("2027-01-14")
    ),
    "gpt-audio-mini*": _COMING.format("2027-01-20"),
    **dict.fromkeys(("gpt-5.4-nano*", "gpt-5.1", "gpt-5.1-2*"), _COMING.format("2027-04-01")),
}  # fmt: skip

SPEC = ProviderSpec(
    name="openai",
    title="OpenAI",
    protocol="openai.responses",
    apis={
        "responses": {},
        "chat": {
            "protocol": "openai.chat",
            "native_tools": {"web_search": NativeTool({}, field="web_search_options", listed=False)},
            "input_media": {"image": 20 * MIB, "audio": None, "document": 50 * MIB},
            "uploads": {"document": 50 * MIB},
            "output_media": ("audio",),
        },
    },
    base_url=None,  # the SDK's own: https://api.openai.com/v1
    base_url_env=("OPENAI_BASE_URL",),
    api_key_env=("OPENAI_API_KEY",),
    default_model="gpt-6.1-terra",
    models=(
        # https://developers.openai.com/api/docs/models; sizes are those of the model cards
        Model("gpt-6.1-terra", 1_050_000, 128_000),
        Model("gpt-6.1-sol", 1_050_000),
        Model("gpt-6-sol", 1_050_000, released="2026-09-22"),
        Model("gpt-6-luna", 1_050_000, 128_000, released="2026-09-22"),
        Model("gpt-6-astra", 1_050_000, 128_000, released="2026-09-03"),
        Model("gpt-5.6-sol", 1_050_000, 128_000),
        Model("gpt-5.6-terra", 1_050_000, 128_000),
        Model("gpt-5.6-luna", 1_050_000, 128_000),
        Model("gpt-5.5", 1_000_000, released="2026-04-23"),
        Model("gpt-5.4-mini", 400_000, released="2026-03-17"),
    ),
    retired=RETIRED,
    native_tools={
        # https://developers.openai.com/api/docs/guides/tools; file_search needs `vector_store_ids`
        "web_search": NativeTool({"type": "web_search"}),
        "file_search": NativeTool({"type": "file_search"}),
        "code_execution": NativeTool({"type": "code_interpreter", "container": {"type": "auto"}}),
        "image_generation": NativeTool({"type": "image_generation"}),
        "computer_use": NativeTool({"type": "computer"}),
        "shell": NativeTool({"type": "shell", "environment": {"type": "container_auto"}}),
    },
    input_media={"image": 20 * MIB, "document": 50 * MIB},
    # https://platform.openai.com/docs/api-reference/files/create: 512 MB; the limit of documents is the model's
    uploads={"image": 512 * MIB, "document": 50 * MIB},
    media_sources={
        "image": "the origin's figure; OpenAI's guide to images states 512 MB for a whole request today",
        "document": "https://developers.openai.com/api/docs/guides/file-inputs: 50 MB",
    },
    output_media=("image",),
    priority=5,
    notes='the Responses API; api="chat" for Chat Completions; background=True survives a lost connection',
    documentation="https://developers.openai.com/api/docs",
)
