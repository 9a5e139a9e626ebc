"""The answer to a client that does not stream: the events of the streamed answer, put together."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final

from ....wire.error_kinds import error_info_of, error_message_of
from ...scripts import Refuse
from ...stream_documents import documents_of
from ...vendor import Refused

Data = dict[str, Any]
_MEDIA: Final = frozenset(("image", "audio", "video", "document"))
_TRACKS: Final = frozenset(("audio", "video"))
_STATUS_OF_KIND: Final = {"rate_limited": 429, "overloaded": 503, "invalid_request": 400, "not_found": 404}


def whole_interaction(stream: bytes) -> Data:
    """Return the ``Interaction`` that the events of *stream* make.

    Raises:
        Refused: One of them is an error.
        ValueError: One of them is no JSON object.
    """
    steps: dict[int, Data] = {}
    whole: Data = {}
    for event in documents_of(stream):
        kind = event.get("event_type")
        if kind == "error":
            raise Refused(_refuse(event.get("error")))
        if kind in ("interaction.created", "interaction.completed"):
            whole |= event["interaction"]
        elif kind == "step.start":
            steps[event["index"]] = dict(event["step"])
        elif kind == "step.delta":
            _add(steps[event["index"]], event["delta"])
        elif kind == "step.stop" and isinstance(event.get("step"), dict):
            steps[event["index"]] |= event["step"]
    found = [_read(step) for _, step in sorted(steps.items())]
    return {**whole, "steps": found} if found else whole


def _refuse(problem: object) -> Refuse:
    said = problem if isinstance(problem, Mapping) else {}
    info, code = error_info_of({"error": problem}), said.get("code")
    status = info.get("status") or _STATUS_OF_KIND.get(info["kind"], 500)
    return Refuse(status, error_message_of(problem), None if code is None else str(code))


def _add(step: Data, delta: Data) -> None:
    kind = delta.get("type")
    if kind == "text":
        contents = step.setdefault("content", [])
        if not contents or contents[-1]["type"] != "text":
            contents.append({"type": "text", "text": ""})
        contents[-1]["text"] += delta["text"]
    elif kind == "text_annotation_delta":
        content = step.setdefault("content", [{"type": "text", "text": ""}])[-1]
        content["annotations"] = [*content.get("annotations", []), *delta["annotations"]]
    elif kind == "thought_summary":
        step.setdefault("summary", []).append(delta["content"])
    elif kind == "arguments_delta":
        said = step.get("arguments")
        step["arguments"] = (said if isinstance(said, str) else "") + delta["arguments"]
    elif kind in _MEDIA:
        step.setdefault("content", []).append(delta)
    else:
        step |= {name: value for name, value in delta.items() if name != "type"}


def _read(step: Data) -> Data:
    """A step with its arguments as the object that they are, and each sound and video in one piece."""
    if isinstance(step.get("content"), list):
        return {**step, "content": [_joined(list(group)) for _, group in groupby(step["content"], _track)]}
    if not isinstance(step.get("arguments"), str):
        return step
    try:
        arguments = json.loads(step["arguments"] or "{}")
    except ValueError:
        return step
    return {**step, "arguments": arguments}


def _track(content: Data) -> object:
    """What the pieces of a sound or a video have in common, and nothing else has."""
    return (content["type"], content.get("mime_type")) if content.get("type") in _TRACKS else id(content)


def _joined(pieces: list[Data]) -> Data:
    if len(pieces) == 1:
        return pieces[0]
    return {**pieces[0], "data": b64encode(b"".join(b64decode(piece["data"]) for piece in pieces)).decode()}
