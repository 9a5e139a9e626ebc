"""The origin's `MessageFormatter`: static methods that return what they returned there."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ...errors import InvalidMessage
from .claude_format import claude_messages
from .gemini_format import gemini_messages
from .response_format import response_item

_DEFAULT_IMAGE: Final = "image/jpeg"


class MessageFormatter:
    """Messages in the formats of vendors, without losses told and without checks; see `Formatter` for both."""

    @staticmethod
    def to_chat_completions_format(messages: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return new messages for Chat Completions.

        Arguments of an assistant's OpenAI-shaped tool calls become JSON text: objects and other values are serialised,
        None becomes ``{}``, strings stay. Image parts in a list of content become ``image_url`` parts. Everything else
        is kept.

        Args:
            messages: OpenAI-shaped dictionaries, with neutral image parts (``url``, ``base64`` or ``data``) allowed.

        Raises:
            InvalidMessage: Arguments that are an object hold something that JSON cannot.
        """
        return [_converted(message, f"messages[{index}]") for index, message in enumerate(messages)]

    @staticmethod
    def to_response_format(messages: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return new messages for the Responses API.

        Tool messages become ``function_call_output`` items; an assistant's `tool_calls` are left out, since the server
        knows them. In other messages the parts of a list of content become ``input_text``, ``input_image`` and
        ``input_file``, and an image without usable bytes or address is left out. An item without a role loses its
        `status`. Everything else is kept.

        Args:
            messages: OpenAI-shaped dictionaries, with neutral image parts (``url``, ``base64`` or ``data``) allowed, or
                items of the API.
        """
        return [response_item(message) for message in messages]

    @staticmethod
    def to_claude_format(messages: Iterable[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], Any]:
        """Return new messages for Claude, and the content of the last system message (``""`` without one).

        Tool messages and ``function_call_output`` items become messages of the user with one ``tool_result``; an
        assistant's `tool_calls` become ``tool_use`` blocks behind its text, arguments that are no JSON an empty
        `input`. Image and document parts get a `source`. Messages of other roles are left out; the rest is kept.

        Args:
            messages: OpenAI-shaped dictionaries, with neutral image and document parts allowed, or Claude's own.
        """
        return claude_messages(messages)

    @staticmethod
    def to_gemini_format(messages: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return new contents for Gemini: ``{"role", "parts"}``.

        The roles become ``model`` (assistant), ``user`` (user and system) and ``function`` (tool). Text becomes
        ``text``, an image with its bytes ``inline_data``, the text of a tool message a ``functionResponse``, each of an
        assistant's `tool_calls` a ``functionCall`` (arguments that are no JSON become none). Other parts, and messages
        of which nothing is left, are left out.

        Args:
            messages: OpenAI-shaped dictionaries, with neutral image parts (``base64`` or ``data``) allowed.
        """
        return gemini_messages(messages)


def _converted(message: Mapping[str, Any], where: str) -> dict[str, Any]:
    converted = dict(message)
    if message.get("role") == "assistant" and isinstance(message.get("tool_calls"), list | tuple):
        calls = enumerate(message["tool_calls"])
        converted["tool_calls"] = [_call(call, f"{where}.tool_calls[{index}]") for index, call in calls]
    if isinstance(message.get("content"), list | tuple):
        converted["content"] = [_part(part) for part in message["content"]]
    return converted


def _call(call: Mapping[str, Any], where: str) -> dict[str, Any]:
    converted = dict(call)
    if "function" in converted:
        function = dict(converted["function"])
        function["arguments"] = _arguments(function.get("arguments"), where)
        converted["function"] = function
    return converted


def _arguments(arguments: Any, where: str) -> str:
    if arguments is None:
        return "{}"
    if isinstance(arguments, str):
        return arguments
    try:
        return json.dumps(arguments)
    except (TypeError, ValueError, RecursionError) as problem:
        if isinstance(arguments, dict):
            raise InvalidMessage(
                f"{where}.function.arguments", f"must hold only what JSON can hold: {problem}"
            ) from None
        return "{}"  # as the origin answers to what is neither an object nor JSON


def _part(part: Any) -> Any:
    if not isinstance(part, Mapping):
        return part
    if part.get("type") == "image":
        url = _image_url(part)
        if url is not None:
            return {"type": "image_url", "image_url": {"url": url}}
    return dict(part)


def _image_url(part: Mapping[str, Any]) -> str | None:
    if "url" in part:
        return str(part["url"])
    body = part.get("base64")
    if body is None and isinstance(part.get("data"), bytes | bytearray):
        body = b64encode(part["data"]).decode("ascii")
    return None if body is None else f"data:{part.get('mime_type', _DEFAULT_IMAGE)};base64,{body}"
