"""The answer to a client that does not stream: the events of the streamed answer, put together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....wire.error_kinds import error_info_of, error_message_of
from ...ask import Ask
from ...scripts import Refuse
from ...stream_documents import documents_of
from ...vendor import Refused

Data = dict[str, Any]


def whole_response(stream: bytes, ask: Ask) -> Data:
    """Return the ``GenerateContentResponse`` that the events of *stream* make.

    Raises:
        Refused: One of them is an error.
        ValueError: One of them is no JSON object.
    """
    whole: Data = {"candidates": [], "modelVersion": ask.model}
    candidates: dict[int, Data] = {}
    for event in documents_of(stream):
        if "error" in event:
            raise Refused(refuse_of(event["error"]))
        whole |= {name: value for name, value in event.items() if name != "candidates"}
        for said in event.get("candidates") or ():
            index = said.get("index") or 0
            _add(candidates.setdefault(index, {"index": index}), said)
    whole["candidates"] = [candidate for _, candidate in sorted(candidates.items())]
    return whole


def refuse_of(problem: object) -> Refuse:
    """Return the HTTP error for an error of Google's in an answer."""
    said = problem if isinstance(problem, Mapping) else {}
    status, code = said.get("code"), said.get("status")
    info = error_info_of({"error": problem})
    known = status if isinstance(status, int) else info.get("status") or 500
    return Refuse(known, error_message_of(problem), None if code is None else str(code))


def _add(candidate: Data, said: Mapping[str, Any]) -> None:
    for part in (said.get("content") or {}).get("parts") or ():
        parts = candidate.setdefault("content", {"parts": [], "role": "model"})["parts"]
        if parts and _continues(parts[-1], part):
            parts[-1] = {**parts[-1], "text": parts[-1]["text"] + part["text"]}
        else:
            parts.append(part)
    for name, value in said.items():
        if name == "groundingMetadata":
            candidate[name] = _joined(candidate.get(name, {}), value)
        elif name not in ("content", "index"):
            candidate[name] = value


def _continues(last: Mapping[str, Any], part: Mapping[str, Any]) -> bool:
    """Whether two parts are text of one kind, with nothing else in them."""
    kinds = [{**one, "text": ""} for one in (last, part)]
    return "text" in last and "text" in part and kinds[0] == kinds[1] and not kinds[0].keys() - {"text", "thought"}


def _joined(known: Data, more: Data) -> Data:
    """Grounding that came in several events; a source stands at its index, and empty ones before it."""
    chunks, others = known.get("groundingChunks", []), more.get("groundingChunks", [])
    longest = max(len(chunks), len(others))
    padded = [[*some, *[{}] * (longest - len(some))] for some in (chunks, others)]
    both = [second or first for first, second in zip(*padded, strict=True)]
    return {**known, **more, **({"groundingChunks": both} if both else {})}
