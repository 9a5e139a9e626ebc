"""What tools answered, in the form that each kind of call wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ..loss import Loss
from ..neutral import Message
from ..provider_data import merged
from .call_ids import sent_id
from .content import content_of

Wire = dict[str, Any]
Content = str | list[Wire]

OUTPUT_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "function_call": "function_call_output",
        "custom_tool_call": "custom_tool_call_output",
        "shell_call": "shell_call_output",
        "local_shell_call": "local_shell_call_output",
        "apply_patch_call": "apply_patch_call_output",
        "computer_call": "computer_call_output",
        "mcp_approval_request": "mcp_approval_response",
    }
)
"""The type of item that answers each type of call."""


def answer_item(message: Message, call: Wire, own: Wire, where: str, losses: list[Loss]) -> Wire:
    """Return the item of a tool message.

    Args:
        message: In normal form.
        call: The item that it answers; empty where it is not part of the conversation.
        own: The message's data of this protocol.
        where: Place of the message.
        losses: Takes what is lost.

    Raises:
        UnresolvedMedia: Media that must be read, fetched or uploaded first.
    """
    item = own.pop("item", None)
    if isinstance(item, dict):
        return item
    kind = own.pop("type", None) or output_type(call)
    content = content_of(message["content"], where, losses)
    build = _BUILD.get(kind)
    wire: Wire = {"type": kind, "call_id": sent_id(message["tool_call_id"])}
    if build is not None:
        return merged(build(wire, content, bool(message.get("is_error"))), own)
    if message.get("is_error"):
        why = "the Responses API has no field for it; the content says what failed"
        losses.append(Loss(where, "is_error dropped", why))
    return merged({**wire, "output": content}, own)


def output_type(call: Wire) -> str:
    """Return the type of item that answers *call*: that of a function's answer where nobody waits for another."""
    environment = call.get("environment")
    hosted = isinstance(environment, dict) and environment.get("type") not in (None, "local")
    kind = None if hosted else OUTPUT_OF.get(str(call.get("type")))
    return kind or "function_call_output"


def text_of(content: Content) -> str:
    """Return the text of content in this API's form."""
    if isinstance(content, str):
        return content
    return "\n".join(str(part["text"]) for part in content if isinstance(part.get("text"), str))


def _shell(wire: Wire, content: Content, failed: bool) -> Wire:
    outcome = {"type": "exit", "exit_code": int(failed)}
    said = text_of(content)
    output = {"stdout": "" if failed else said, "stderr": said if failed else "", "outcome": outcome}
    return {**wire, "output": [output]}


def _local_shell(wire: Wire, content: Content, _: bool) -> Wire:
    return {"type": wire["type"], "id": wire["call_id"], "output": text_of(content)}


def _patch(wire: Wire, content: Content, failed: bool) -> Wire:
    return {**wire, "status": "failed" if failed else "completed", "output": text_of(content)}


def _computer(wire: Wire, content: Content, _: bool) -> Wire:
    pictures = [part for part in content if isinstance(part, dict) and part["type"] == "input_image"]
    shown = {name: pictures[-1][name] for name in ("image_url", "file_id") if name in pictures[-1]} if pictures else {}
    return {**wire, "output": {"type": "computer_screenshot", **shown}}


def _approval(wire: Wire, content: Content, failed: bool) -> Wire:
    said = {"type": wire["type"], "approval_request_id": wire["call_id"], "approve": not failed}
    return {**said, "reason": text_of(content)} if text_of(content) else said


_BUILD: Final[Mapping[str, Callable[[Wire, Content, bool], Wire]]] = MappingProxyType(
    {
        "shell_call_output": _shell,
        "local_shell_call_output": _local_shell,
        "apply_patch_call_output": _patch,
        "computer_call_output": _computer,
        "mcp_approval_response": _approval,
    }
)
