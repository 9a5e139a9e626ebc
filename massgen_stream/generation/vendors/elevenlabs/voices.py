"""Voices of ElevenLabs: by id, or by the name that they have in the account."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from ....errors import ConfigurationError, excerpt
from .client import document_of, options

USUAL: Final = "JBFqnCBsd6RMkjVDRZzb"
"""The one of https://elevenlabs.io/docs/quickstart, which every account has."""
_ID: Final = re.compile(r"[A-Za-z0-9]{20}")
_PAGE: Final = 100


async def voice_ids(sdk: Any, voices: Iterable[str]) -> dict[str, str]:
    """Return the id of each voice; names are looked up in the account.

    Args:
        sdk: The SDK's client.
        voices: Ids or names; capitals make no difference in names.

    Raises:
        ConfigurationError: The account has no such voice, or several; tells those that are near.
    """
    return {voice: voice if _ID.fullmatch(voice) else await _id_of(sdk, voice) for voice in dict.fromkeys(voices)}


async def _id_of(sdk: Any, name: str) -> str:
    # https://elevenlabs.io/docs/api-reference/voices/search
    response = await sdk.voices.with_raw_response.search(search=name, page_size=_PAGE, request_options=options({}, {}))
    known = [(str(one.get("name", "")), one.get("voice_id")) for one in document_of(response).get("voices", ())]
    same = [voice_id for own, voice_id in known if name.lower() in (own.lower(), own.partition(" - ")[0].lower())]
    if len(same) == 1 and isinstance(same[0], str):
        return same[0]
    near = ", ".join(f"{own} ({voice_id})" for own, voice_id in known[:5]) or "none that is like it"
    several = "several voices are called" if same else "no voice of the account is called"
    raise ConfigurationError(f"{several} {excerpt(name)!r}; found: {near}; give its id")
