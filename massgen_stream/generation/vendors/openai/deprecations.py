"""Where OpenAI says which models and APIs will be shut down."""

from typing import Final

DEPRECATIONS: Final = "see https://developers.openai.com/api/docs/deprecations"
