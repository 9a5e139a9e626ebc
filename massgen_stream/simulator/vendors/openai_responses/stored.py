"""Responses and conversations that OpenAI stores, and what requests name of them.

https://platform.openai.com/docs/guides/conversation-state: responses are kept for 30 days, conversations and what is in
them until they are deleted. How a name that is not known is refused is shown by
https://github.com/maximhq/bifrost/issues/2441 (responses) and https://github.com/can1357/oh-my-pi/issues/41 (items).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from ...given import Given, Ids
from ...nested import objects_in
from ...request import Request
from ...vendor import JSON, BadRequest
from .files import Files

_KEPT_SECONDS: Final = 30 * 86_400.0
_FILES: Final = ("input_image", "input_file")
_UNSTORED: Final = (
    "Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from"
    " your input."
)


class Stored:
    """What one simulator has stored.

    Args:
        given: By the simulator.
        files: Those that were uploaded.
    """

    def __init__(self, given: Given, files: Files) -> None:
        self._given, self._files = given, files
        self._responses: Ids[str] = given.ids("openai.responses")
        self._items: Ids[str] = given.ids("openai.items")
        self._conversations: Ids[dict[str, Any]] = given.ids("openai.conversations")

    def keep_response(self, response_id: str) -> None:
        """Store a response."""
        self._responses.give(response_id, response_id, _KEPT_SECONDS)

    def keep_item(self, item_id: str) -> None:
        """Store an item of a response."""
        self._items.give(item_id, item_id, _KEPT_SECONDS)

    def check_response(self, response_id: str) -> None:
        """Check that a response is there.

        Raises:
            BadRequest: It is not.
        """
        if not self._responses.knows(response_id):
            raise BadRequest(f"Response with id '{response_id:.80}' not found.", status=404, code="not_found")

    def delete_response(self, request: Request) -> JSON:
        """Return that a response is gone.

        Raises:
            BadRequest: There is no such response.
        """
        response_id = request.params["response_id"]
        self.check_response(response_id)
        self._responses.forget(response_id)
        return {"id": response_id, "object": "response.deleted", "deleted": True}

    def new_conversation(self, request: Request) -> JSON:
        """Return a new conversation."""
        body = request.json if isinstance(request.json, dict) else {}
        conversation_id, created = f"conv_{uuid4().hex}", int(self._given.clock())
        document = {
            "id": conversation_id,
            "object": "conversation",
            "created_at": created,
            "metadata": body.get("metadata") or {},
        }
        self._conversations.give(conversation_id, document)
        return document

    def conversation(self, request: Request) -> JSON:
        """Return a conversation.

        Raises:
            BadRequest: There is none.
        """
        found = self._conversations.find(request.params["conversation_id"])
        if found is None:
            raise _no_conversation(request.params["conversation_id"], None)
        return found

    def delete_conversation(self, request: Request) -> JSON:
        """Return that a conversation is gone.

        Raises:
            BadRequest: There is none.
        """
        conversation_id = self.conversation(request)["id"]
        self._conversations.forget(conversation_id)
        return {"id": conversation_id, "object": "conversation.deleted", "deleted": True}

    def check(self, body: Mapping[str, Any]) -> None:
        """Check that everything is there which a request for a response names.

        Raises:
            BadRequest: Something is not.
        """
        previous, conversation = body.get("previous_response_id"), body.get("conversation")
        if isinstance(previous, str) and not self._responses.knows(previous):
            message, code = f"Previous response with id '{previous:.80}' not found.", "previous_response_not_found"
            raise BadRequest(message, param="previous_response_id", code=code)
        name = conversation.get("id") if isinstance(conversation, dict) else conversation
        if isinstance(name, str) and not self._conversations.knows(name):
            raise _no_conversation(name, "conversation")
        items = body.get("input")
        for item in items if isinstance(items, list) else ():
            self._check_item(item)
        self._check_files(body)

    def _check_item(self, item: Any) -> None:
        """Check an item that is only named, not given: the rest needs no store."""
        kind = item.get("type") if isinstance(item, dict) else None
        is_named = kind == "item_reference" or (kind == "image_generation_call" and not item.get("result"))
        if is_named and not self._items.knows(str(item.get("id"))):
            message = f"Item with id '{item.get('id')!s:.80}' not found. {_UNSTORED}"
            raise BadRequest(message, param="input", status=404)

    def _check_files(self, body: Mapping[str, Any]) -> None:
        for one in objects_in(body.get("input")):
            if one.get("type") in _FILES:
                self._files.check(one.get("file_id"), "input")
        for tool in objects_in(body.get("tools")):
            mask = tool.get("input_image_mask")
            if isinstance(mask, dict):
                self._files.check(mask.get("file_id"), "tools")


def _no_conversation(conversation_id: str, param: str | None) -> BadRequest:
    return BadRequest(f"Conversation with id '{conversation_id:.80}' not found.", param=param, status=404)
