"""The answer to a client that does not stream: the streamed answer, put together."""

from __future__ import annotations

from typing import Any, Final

from ...openai_errors import refuse_of
from ...stream_documents import documents_of
from ...vendor import Refused

Data = dict[str, Any]
_OF_PICTURE: Final = ("b64_json", "url", "revised_prompt")
_OF_EVENT: Final = ("type", "partial_image_index", "created_at")


def whole_images(stream: bytes) -> Data:
    """Return the document that the events of *stream* make.

    Raises:
        Refused: One of them is an error.
        ValueError: One of them is no JSON object.
    """
    document: Data = {}
    pictures: list[Data] = []
    for said in documents_of(stream):
        if "error" in said:
            raise Refused(refuse_of(said["error"]))
        picture: Data = {name: said.pop(name) for name in _OF_PICTURE if name in said}
        if str(said.get("type")).endswith(".completed"):
            pictures += [picture] if picture else []
            created = {"created": said["created_at"]} if "created_at" in said else {}
            document |= created | {name: value for name, value in said.items() if name not in _OF_EVENT}
    return {**document, "data": pictures}
