"""Ids of items, and what stands for encrypted reasoning."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

ENCRYPTED: Final = "reasoning.encrypted_content"
_REASONING: Final = "rs_sim_"


def item_id(prefix: str, response_id: str, number: int) -> str:
    """Return the id of item *number* of a response, such as ``msg_sim_1_0``."""
    return f"{prefix}_{response_id.removeprefix('resp_')}_{number}"


def encrypted(reasoning_id: str) -> str:
    """Return what stands for the encrypted reasoning of an item."""
    return "gAAAAA" + sha256(f"massgen_stream {reasoning_id}".encode()).hexdigest()


def is_genuine(item: Mapping[str, Any]) -> bool:
    """Return whether encrypted reasoning that comes back is what was sent; that of others cannot be told."""
    said, name = item.get("encrypted_content"), item.get("id")
    if not said or not isinstance(name, str) or not name.startswith(_REASONING):
        return True
    return bool(said == encrypted(name))
