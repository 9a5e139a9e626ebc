"""When to try again, and how long to wait before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

# openai and anthropic wait 0.5 s, doubled up to 8 s, less up to a quarter at random. Up to the whole spreads the
# clients of a server that comes back: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
FIRST_DELAY_SECONDS: Final = 0.5
LONGEST_DELAY_SECONDS: Final = 8.0


class RetryPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Exponential backoff with full jitter, within a number of attempts and a budget of time.

    Pure: the caller says what time has passed and rolls the dice. The libraries for retries do not fit generators:
    one replays them after chunks were read, the other never retries them.

    Attributes:
        max_retries: Further attempts after the first.
        budget_seconds: A further attempt must begin within so many seconds of the first.
        first_delay_seconds: Delay before the second attempt; doubled for each one after it.
        longest_delay_seconds: Most that the doubling leads to.
    """

    max_retries: int = 2
    budget_seconds: float = 30.0
    first_delay_seconds: float = FIRST_DELAY_SECONDS
    longest_delay_seconds: float = LONGEST_DELAY_SECONDS

    def next_delay(
        self, attempt: int, error_info: Mapping[str, Any], elapsed: float, jitter: float = 0.0
    ) -> float | None:
        """Return how many seconds to wait before the next attempt; None to give up.

        Args:
            attempt: Attempts made so far, from 1.
            error_info: How the last one failed; `retryable` and `retry_after_seconds` count.
            elapsed: Seconds since the first attempt began.
            jitter: Random, in [0, 1): how much to take off a delay that the vendor did not name.
        """
        if attempt > self.max_retries or not error_info.get("retryable"):
            return None
        delay = error_info.get("retry_after_seconds")
        if not isinstance(delay, int | float):
            delay = self._backoff(attempt) * (1 - jitter)
        return delay if elapsed + delay <= self.budget_seconds else None

    def _backoff(self, attempt: int) -> float:
        doublings = min(attempt - 1, 32)  # beyond that the longest delay has long been reached
        return min(self.first_delay_seconds * 2.0**doublings, self.longest_delay_seconds)
