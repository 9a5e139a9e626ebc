"""Azure OpenAI: OpenAI's models as deployments of one's own, https://learn.microsoft.com/azure/ai-foundry/openai."""

from __future__ import annotations

from .openai import SPEC as OPENAI
from .spec import MIB, Model, ProviderSpec

SPEC = ProviderSpec(
    name="azure_openai",
    title="Azure OpenAI",
    protocol="openai.chat",
    apis={
        "chat": {},
        "responses": {
            "protocol": "openai.responses",
            "renamed_options": {},
            "native_tools": OPENAI.native_tools,
            "input_media": OPENAI.input_media,
            "media_sources": OPENAI.media_sources,
            "output_media": OPENAI.output_media,
        },
    },
    backend="azure_openai",
    base_url_env=("AZURE_OPENAI_ENDPOINT",),
    api_key_env=("AZURE_OPENAI_API_KEY",),
    default_model="gpt-6.1-terra",
    models=(
        # names of deployments are one's own; these are the models behind them
        Model("gpt-6.1-terra", 1_050_000, 128_000),
        Model("gpt-6.1-sol"),
        Model("gpt-6-luna"),
        Model("gpt-5.4"),
    ),
    # Azure's own dates: https://learn.microsoft.com/azure/ai-foundry/openai/concepts/model-retirements
    retired=dict.fromkeys(("gpt-4", "gpt-4-32k*", "gpt-35-turbo*"), "shut down, if the deployment is named after it"),
    input_media={"image": 20 * MIB, "audio": None, "document": None},
    media_sources={
        "image": "https://learn.microsoft.com/azure/ai-foundry/openai/how-to/gpt-with-vision; the origin's figure too"
    },
    output_media=("audio",),
    renamed_options={"max_tokens": "max_completion_tokens"},  # as OpenAI: reasoning models refuse the older name
    notes="model is the name of your deployment; set the endpoint, and a key or azure_ad_token_provider",
    documentation="https://learn.microsoft.com/azure/ai-foundry/openai",
)
