"""Tables of the words that vendors use for errors, and the kinds that they mean.

Words are compared in lower case, with everything but letters and digits removed, so that ``RateLimitExceeded``,
``rate_limit_exceeded`` and ``rate-limit-exceeded`` are one word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final


def plain(word: str) -> str:
    """Return the form in which words are compared."""
    return re.sub(r"[^a-z0-9]", "", word.lower())


_WORDS: Final[Mapping[str, str]] = {
    "authentication": "invalid_api_key missing_api_key no_api_key api_key_invalid api_key_expired authentication_error"
    " authentication unauthenticated unauthorized invalid_authentication invalid_authentication_error"
    " incorrect_api_key_error token_expired account_deactivated invalid_auth",
    "permission": "permission_error permission_denied forbidden access_denied access_terminated_error"
    " insufficient_permissions unsupported_country_region_territory organization_restricted permission_denied_error"
    " the_caller_does_not_have_permission_to_execute_the_specified_operation"
    " missing_permissions",
    "not_found": "not_found not_found_error model_not_found model_decommissioned model_not_found_error invalid_model"
    " deployment_not_found resource_not_found resource_not_found_error model_not_available"
    " some_requested_entity_was_not_found"
    " voice_not_found previous_response_not_found file_not_found",
    "quota": "insufficient_quota quota_exceeded exceeded_current_quota exceeded_current_quota_error billing_error"
    " billing_hard_limit_reached billing_not_active insufficient_balance insufficient_credits payment_required"
    " credit_balance_too_low arrearage",
    "rate_limited": "rate_limit_exceeded rate_limit_error rate_limit rate_limited rate_limit_reached_error"
    " too_many_requests resource_exhausted throttling throttling_exception throttled"
    " too_many_concurrent_requests",
    "overloaded": "overloaded overloaded_error engine_overloaded engine_overloaded_error server_overloaded"
    " service_unavailable service_unavailable_error unavailable capacity_exceeded model_overloaded slow_down"
    " system_busy",
    "timeout": "timeout timeout_error request_timeout gateway_timeout deadline_exceeded",
    "content_filter": "content_filter content_policy_violation responsible_ai_policy_violation data_inspection_failed"
    " content_blocked moderation_blocked prohibited_content content_filter_error safety"
    " bad_prompt bad_composition_plan moderated moderation",
    "context_length": "context_length_exceeded exceed_context_size_error context_window_exceeded"
    " model_context_window_exceeded context_size_exceeded string_above_max_length"
    " max_character_limit_exceeded",
    "cancelled": "cancelled canceled request_cancelled",
}
KIND_OF_WORD: Final = {plain(word): kind for kind, words in _WORDS.items() for word in words.split()}
"""Words that say exactly one thing; they win over the HTTP status."""

_VAGUE: Final[Mapping[str, str]] = {
    "invalid_request": "invalid_request invalid_request_error bad_request bad_request_error invalid_argument"
    " validation_error unprocessable_entity unprocessable_entity_error request_too_large invalid_parameter"
    " client_specified_an_invalid_argument tool_use_failed json_validate_failed failed_precondition out_of_range"
    " unknown_parameter missing_required_parameter unsupported_value unsupported_parameter invalid_value",
    "server": "server_error internal_server_error internal_error internal api_error upstream_error bad_gateway"
    " processing_error unexpected_error",
}
VAGUE_WORDS: Final = {plain(word): kind for kind, words in _VAGUE.items() for word in words.split()}
"""Words that come with any status; the HTTP status wins over them."""

KIND_OF_STATUS: Final[Mapping[int, str]] = {
    401: "authentication",
    402: "quota",
    403: "permission",
    404: "not_found",
    407: "authentication",
    408: "timeout",
    410: "not_found",
    425: "overloaded",
    429: "rate_limited",
    451: "permission",
    498: "overloaded",  # Groq: flex tier capacity exceeded, https://console.groq.com/docs/errors
    499: "cancelled",  # gRPC CANCELLED as Google maps it
    503: "overloaded",
    504: "timeout",
    522: "timeout",  # Cloudflare: connection to the origin timed out
    524: "timeout",  # Cloudflare: the origin did not answer
    529: "overloaded",  # Anthropic
}
"""Other 4xx mean ``invalid_request``, other 5xx ``server``."""

RETRYABLE_KINDS: Final = frozenset({"rate_limited", "overloaded", "server", "timeout", "transport"})
RETRYABLE_STATUSES: Final = frozenset({409})
"""Statuses that are worth another try although the request is at fault; 409 is a lost race (openai retries it)."""

HINTS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    (
        "context_length",
        re.compile(
            r"maximum context length|context[ _]length|context (?:size|window)|prompt is too long|input is too long"
            r"|too many input tokens|exceeds? the maximum number of (?:input )?tokens|maximum (?:input|prompt) length"
        ),
    ),
    (
        "content_filter",
        re.compile(
            r"content management policy|content policy|content filter|safety system|inappropriate content"
            r"|flagged by|requires moderation|nsfw"
        ),
    ),
    ("authentication", re.compile(r"api[ _-]?key (?:is )?(?:not valid|invalid)|(?:incorrect|invalid) api[ _-]?key")),
    ("quota", re.compile(r"exceeded your current quota|insufficient (?:balance|credits?|quota|funds)")),
    ("rate_limited", re.compile(r"rate[ -]limit|too many requests")),
    ("overloaded", re.compile(r"overloaded|over capacity|no capacity")),
)
"""Kinds by what a message says, in lower case; only for errors whose words and status say little."""
