"""How one Gemini model's input differs from another's."""

from __future__ import annotations

import msgspec


class GenerateContentOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a model takes besides the common form.

    Attributes:
        media_in_responses: Whether answers of tools hold images and documents, as since Gemini 3
            (https://ai.google.dev/gemini-api/docs/function-calling#multimodal); else these move behind the answers.
        signed_calls: Whether the model refuses calls that nobody has signed, as since Gemini 3. Then the first call of
            a step, where another model made it, gets the signature that Google names for the purpose
            (https://ai.google.dev/gemini-api/docs/thought-signatures#faqs).
    """

    media_in_responses: bool = True
    signed_calls: bool = False
