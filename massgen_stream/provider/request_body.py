"""What the quirks of hosts are made of: pure changes of a Chat Completions request."""

from __future__ import annotations

from collections.abc import Mapping

from .spec import RequestBody


def without_message_fields(body: RequestBody, *names: str) -> RequestBody:
    """Return *body* with messages that have none of the fields *names*."""
    messages = [{name: value for name, value in message.items() if name not in names} for message in body["messages"]]
    return {**body, "messages": messages}


def with_reasoning_content(body: RequestBody, filler: str, *, everywhere: bool = False) -> RequestBody:
    """Return *body* with *filler* as the ``reasoning_content`` of earlier answers that have none and called tools.

    Hosts that want the reasoning of such answers back refuse those of other models, which have none, otherwise.

    Args:
        body: A request; one that turns thinking off needs nothing.
        filler: What the host takes for reasoning.
        everywhere: Whether answers without calls need it as well, once there are calls.
    """
    messages = body["messages"]
    if body.get("thinking") == {"type": "disabled"} or not any(message.get("tool_calls") for message in messages):
        return body
    wanting = [m["role"] == "assistant" and bool(everywhere or m.get("tool_calls")) for m in messages]
    filled = [{"reasoning_content": filler, **m} if wants else m for m, wants in zip(messages, wanting, strict=True)]
    return {**body, "messages": filled}


def with_thinking_switch(body: RequestBody, *, effort: Mapping[str, str] | None = None) -> RequestBody:
    """Return *body* with ``thinking={"type": "disabled"}`` for ``reasoning_effort="none"``.

    Args:
        body: A request; a ``thinking`` that it has wins.
        effort: The host's words for all other efforts; a word that is missing is sent as it is. None: the host knows
            no efforts, so that any other than ``none`` is left out.
    """
    wanted = body.get("reasoning_effort")
    if wanted is None:
        return body
    rest = {name: value for name, value in body.items() if name != "reasoning_effort"}
    if wanted == "none":
        return {"thinking": {"type": "disabled"}, **rest}
    return rest if effort is None else {**rest, "reasoning_effort": effort.get(wanted, wanted)}


def with_template_switch(body: RequestBody) -> RequestBody:
    """Return *body* with the switches of chat templates for ``reasoning_effort``.

    ``none`` turns reasoning off, anything else on and is sent as well, for the models that know efforts. Templates
    call the switch ``enable_thinking`` (Qwen, GLM) or ``thinking`` (DeepSeek, Granite), and leave alone what they do
    not know. Own ``chat_template_kwargs`` win.
    """
    wanted = body.get("reasoning_effort")
    if wanted is None:
        return body
    rest = {name: value for name, value in body.items() if wanted != "none" or name != "reasoning_effort"}
    switches = dict.fromkeys(("enable_thinking", "thinking"), wanted != "none")
    return {**rest, "chat_template_kwargs": {**switches, **(body.get("chat_template_kwargs") or {})}}
