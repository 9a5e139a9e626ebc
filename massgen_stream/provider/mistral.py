"""Mistral AI, https://docs.mistral.ai/api."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Final

from .request_body import without_message_fields
from .spec import Model, ProviderSpec, RequestBody

_ID: Final = re.compile(r"[a-zA-Z0-9]{9}")
_UNKNOWN: Final = "Mistral refuses fields that it does not know (https://docs.mistral.ai/api/#tag/chat)"
_MERGED: Final = "deprecated; use mistral-medium-3-5, with reasoning_effort for reasoning"


def _quirk(body: RequestBody) -> RequestBody:
    """`stream_options` and plain reasoning in messages are left out, which Mistral refuses; usage comes anyway.

    `tool_choice="required"` is called `any`. Ids of tool calls that do not have nine letters or digits, as those of
    other providers, are replaced by ones that do, the same for a call and its answer.
    """
    body = without_message_fields(body, "reasoning", "reasoning_content", "reasoning_details")
    body = {name: value for name, value in body.items() if name != "stream_options"}
    if body.get("tool_choice") == "required":
        body["tool_choice"] = "any"
    body["messages"] = [_with_short_ids(message) for message in body["messages"]]
    return body


def _with_short_ids(message: dict[str, Any]) -> dict[str, Any]:
    changed = dict(message)
    if isinstance(message.get("tool_call_id"), str):
        changed["tool_call_id"] = _short_id(message["tool_call_id"])
    if message.get("tool_calls"):
        changed["tool_calls"] = [{**call, "id": _short_id(str(call.get("id")))} for call in message["tool_calls"]]
    return changed


def _short_id(call_id: str) -> str:
    """The host's own error says: "must be a-z, A-Z, 0-9, with a length of 9"."""
    return (
        call_id if _ID.fullmatch(call_id) else hashlib.sha256(call_id.encode("utf-8", "surrogatepass")).hexdigest()[:9]
    )


SPEC = ProviderSpec(
    name="mistral",
    title="Mistral AI",
    protocol="openai.chat",
    base_url="https://api.mistral.ai/v1",
    api_key_env=("MISTRAL_API_KEY",),
    default_model="mistral-medium-3-5",
    models=(
        # https://docs.mistral.ai/getting-started/models
        Model("mistral-large-4-0", 1_048_576),
        Model("mistral-medium-3-5", 262_144, released="2026-04-29"),
        Model("mistral-small-2603", 262_144, released="2026-03"),
        Model("mistral-large-2512", 262_144, released="2025-12"),
        Model("ministral-14b-2512", 262_144, released="2025-12"),
        Model("codestral-2508", 256_000, released="2025-08"),
    ),
    retired={"magistral-*": _MERGED, "devstral-*": _MERGED, "mistral-medium-2312": "shut down on 2025-06-16"},
    input_media={"image": None},
    renamed_options={"seed": "random_seed", "max_completion_tokens": "max_tokens"},
    dropped_options={"user": _UNKNOWN, "logit_bias": _UNKNOWN, "service_tier": _UNKNOWN},
    request_quirk=_quirk,
    priority=100,
    notes="reasoning comes as parts of the content, and goes back as such",
    documentation="https://docs.mistral.ai",
)
