"""What the server answers to ``txt2img`` and ``img2img``.

https://github.com/AUTOMATIC1111/stable-diffusion-webui, ``modules/api/models.py`` and ``modules/api/api.py``.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from ...errors import MalformedEvent, MassGenStreamError, ProviderError
from ..base64_text import base64_bytes
from ..error_kinds import error_info_of, error_message_of
from ..json_value import finite, parse, parse_fast

Data = dict[str, Any]
_PER_PICTURE: Final = {"all_seeds": "seed", "all_subseeds": "subseed", "all_prompts": "prompt", "infotexts": "infotext"}
_WHOLE: Final = frozenset((*_PER_PICTURE, *_PER_PICTURE.values(), "index_of_first_image", "all_negative_prompts"))
_DETAILS: Final = ("detail", "errors", "error")
"""Where an error says what is wrong; the last is the name of an exception."""


class Answer(NamedTuple):
    """What was made.

    Attributes:
        pictures: In order, without the grid that the server may put before them and what it may put behind them.
        facts: What is told of each: its seed, and everything that all of them share.
        others: How many images came besides.
    """

    pictures: list[bytes]
    facts: list[Data]
    others: int = 0


def answer_of(body: bytes) -> Answer:
    """Return what an answer holds.

    Raises:
        MalformedEvent: It is none, or an image is not base64.
    """
    doc = parse_fast(body)
    images = doc.get("images") if isinstance(doc, dict) else None
    if not isinstance(images, list) or not all(isinstance(one, str) for one in images):
        raise MalformedEvent("an answer without images", body)
    info = _info_of(doc)
    seeds = info.get("all_seeds")
    first = info.get("index_of_first_image")
    first = first if isinstance(first, int) and 0 <= first < len(images) else 0
    count = min(len(seeds), len(images) - first) if isinstance(seeds, list) and seeds else len(images) - first
    shared = {name: value for name, value in info.items() if name not in _WHOLE}
    pictures = [picture_bytes(one) for one in images[first : first + count]]
    return Answer(pictures, [{**_own(info, place), **shared} for place in range(count)], len(images) - count)


def picture_bytes(image: str) -> bytes:
    """Return the bytes of an image, which may stand behind ``data:image/png;base64,``.

    Raises:
        MalformedEvent: It is not base64.
    """
    head = image[:64]
    start = head.index(",") + 1 if head.startswith("data:") and "," in head else 0
    return base64_bytes(image, "images[]", start=start)


def failure_of(body: bytes, status: int) -> ProviderError | None:
    """Return what the server says is wrong; None where it says nothing that can be read."""
    try:
        doc = parse(body)
    except MassGenStreamError:
        return None
    said = next((doc[name] for name in _DETAILS if doc.get(name)), None) if isinstance(doc, dict) else None
    if said is None:
        return None
    message = error_message_of({"message": said})
    info = error_info_of({"message": message}, status=status)
    return ProviderError(message, kind=info["kind"], status=status, retryable=info["retryable"], raw=finite(doc))


def _info_of(doc: Data) -> Data:
    """Return what is told of the pictures: a document within the document."""
    info = doc.get("info")
    try:
        found = parse(info.encode("utf-8", "surrogatepass")) if isinstance(info, str) else info
    except MalformedEvent:
        found = None
    return finite(found) if isinstance(found, dict) else {}


def _own(info: Data, place: int) -> Data:
    """Return what is told of one picture."""
    lists = {name: values for name in _PER_PICTURE if isinstance(values := info.get(name), list)}
    return {_PER_PICTURE[name]: values[place] for name, values in lists.items() if place < len(values)}
