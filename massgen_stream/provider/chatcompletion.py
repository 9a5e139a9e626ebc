"""Any server with OpenAI's chat completions; OpenAI itself when no address is given."""

from __future__ import annotations

from .spec import MIB, Model, NativeTool, ProviderSpec

SPEC = ProviderSpec(
    name="chatcompletion",
    title="OpenAI chat completions, or any compatible server",
    protocol="openai.chat",
    base_url=None,  # the SDK's own: https://api.openai.com/v1
    base_url_env=("OPENAI_BASE_URL",),
    api_key_env=("OPENAI_API_KEY",),
    default_model="gpt-6.1-terra",
    models=(
        # https://developers.openai.com/api/docs/models; sizes are those of the model cards
        Model("gpt-6.1-terra", 1_050_000, 128_000),
        Model("gpt-6.1-sol"),
        Model("gpt-6-astra"),
        Model("gpt-6-luna"),
    ),
    native_tools={"web_search": NativeTool({}, field="web_search_options", listed=False)},  # OpenAI's search models
    input_media={"image": 20 * MIB, "audio": None, "document": None},
    media_sources={"image": "the origin's figure; OpenAI's guide to images states 512 MB for a whole request today"},
    output_media=("audio",),
    priority=10,
    notes="set base_url for a compatible server; then the key is optional",
    documentation="https://developers.openai.com/api/docs",
)
