"""Characters that are cut out of a video, to stand in new ones (openai SDK 3.51, ``videos.create_character``)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from ...given import Given, Ids
from ...request import Request
from ...vendor import JSON, BadRequest
from .sora import Form

_PREFIX = "char_"


class Characters:
    """Characters by id.

    Args:
        given: By the simulator.
    """

    def __init__(self, given: Given) -> None:
        self._characters: Ids[JSON] = given.ids("openai.characters")

    def made(self, request: Request) -> JSON:
        """Return a new character.

        Raises:
            BadRequest: There is no video, or no name.
        """
        form = Form(request)
        form.check_medium("video")
        if not form.texts.get("name"):
            raise BadRequest("Missing required parameter: 'name'.", param="name", code="missing_required_parameter")
        character_id = f"{_PREFIX}{uuid4().hex}"
        document = {"id": character_id, "created_at": int(self._characters.now()), "name": form.texts["name"]}
        self._characters.give(character_id, document)
        return document

    def told(self, request: Request) -> JSON:
        """Return a character.

        Raises:
            BadRequest: There is none.
        """
        found = self._characters.find(request.params["character_id"])
        if found is None:
            raise _not_there(request.params["character_id"])
        return found

    def check(self, request: Request) -> None:
        """Check that the characters are there which a request names.

        Raises:
            BadRequest: One is not.
        """
        for character_id in _named(request):
            if not self._characters.knows(character_id):
                raise _not_there(character_id)


def _named(request: Request) -> list[str]:
    """Return the ids, in JSON (``characters: [{id}]``) as in a form (``characters[][id]``)."""
    if isinstance(request.json, dict):
        given: Any = request.json.get("characters") or []
        return [str(one.get("id")) for one in given if isinstance(one, dict)]
    return [text for name, text in Form(request).texts.items() if name.startswith("characters[")]


def _not_there(character_id: str) -> BadRequest:
    return BadRequest(f"There is no character with id '{character_id:.80}'.", param="characters", status=404)
