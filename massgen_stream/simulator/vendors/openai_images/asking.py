"""What a request asks for: JSON, or for edits a form with files. Checked as OpenAI checks it, with its words."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, Final

from msgspec.structs import replace

from ....errors import MediaError
from ....media.detection import HEAD_BYTES, detect
from ....media.picture_heads import stored_size
from ...body_fields import MISSING, Body, flag_at, model_at, number_at, wrong_type
from ...forms import Field, form_fields, is_form
from ...request import Request
from ...vendor import BadRequest
from .image_ask import ImageAsk

_SIZE: Final = re.compile(r"([1-9]\d{0,3})x([1-9]\d{0,3})")
_USUAL_SIZE: Final = "1024x1024"
_STEP: Final = 16
_MOST_IMAGES, _MOST_PREVIEWS, _MOST_INPUTS = 10, 3, 16
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "background": ("auto", "opaque", "transparent"),
    "moderation": ("auto", "low"),
    "output_format": ("png", "jpeg", "webp", "gif", "svg"),
    "quality": ("auto", "low", "medium", "high", "xhigh", "max", "standard", "hd"),
}
_DRAWN: Final = ("png", "svg")
"""Formats that need no library."""
_WHOLE: Final = ("gif", "svg")
"""Formats that OpenAI does not stream (openai SDK 3.51, `images.generate`)."""
_NUMBERS: Final = ("n", "output_compression", "partial_images")
_FLAGS: Final = {"true": True, "false": False, "1": True, "0": False}
_PICTURES: Final = ("image/png", "image/jpeg", "image/webp")
_FILES: Final = ("image", "image[]", "mask", "markup")
_COLOUR_TYPE: Final = 25
"""Place in a PNG; the values of *_OPAQUE* are grey and RGB: https://www.w3.org/TR/png-3/#11IHDR."""
_OPAQUE: Final = (b"\0", b"\2")
_INVALID_MASK, _MASK_CODE = "Invalid mask image format", "invalid_mask_image_format"
"""As public threads quote it."""


def read_generation(request: Request) -> ImageAsk:
    """Return what a request for new images asks for.

    Raises:
        BadRequest: It is none.
    """
    if not isinstance(request.json, dict):
        raise BadRequest("We could not parse the JSON body of your request: an object is expected.")
    return _read(request.json)


def read_routed(request: Request) -> ImageAsk:
    """Return what a request to OpenRouter asks for, whose streams have a preview unasked.

    Raises:
        BadRequest: It is none.
    """
    if not isinstance(request.json, dict):
        raise BadRequest("We could not parse the JSON body of your request: an object is expected.")
    references = request.json.get("input_references") or []
    if not isinstance(references, list) or not all(isinstance(one, dict) and "image_url" in one for one in references):
        raise wrong_type("input_references", "an array of image_url parts")
    return replace(_read({"partial_images": 1, **request.json}), input_images=len(references))


def read_edit(request: Request) -> ImageAsk:
    """Return what a request for changed images asks for.

    Raises:
        BadRequest: It is none.
    """
    if isinstance(request.json, dict):
        return _read(request.json, images=_referred(request.json))
    content_type = request.headers.get("content-type", "")
    if not is_form(content_type):
        raise BadRequest(
            "Unsupported content type: 'multipart/form-data' is expected.", code="unsupported_content_type"
        )
    try:
        fields = list(form_fields(content_type, request.body))
    except ValueError as problem:
        raise BadRequest(f"Could not parse multipart form: {problem}.") from None
    return _read(_body(fields), images=_images(fields))


def _read(body: Body, images: int = 0) -> ImageAsk:
    words = {name: _choice(body, name) for name in _CHOICES}
    count = number_at(body, "n", most=_MOST_IMAGES) or 1
    stream = flag_at(body, "stream")
    if stream and count > 1:
        raise BadRequest("Streaming is only supported with n=1.", param="stream")
    form = words["output_format"]
    if form not in _DRAWN and find_spec("PIL") is None:
        raise BadRequest("The simulator makes other formats than png and svg with Pillow only.", param="output_format")
    if stream and form in _WHOLE:
        raise BadRequest(f"Streaming is not supported with output_format {form}.", param="stream")
    if form == "svg" and count > 1:
        raise BadRequest("n must be 1 with output_format svg.", param="n")
    prompt = _prompt(body)
    return ImageAsk(
        model=model_at(body),
        prompt=prompt,
        input_characters=len(prompt),
        choices=count,
        stream=stream,
        size=_size(body),
        previews=_bounded(body, "partial_images", _MOST_PREVIEWS) or 0,
        form=form,
        compression=_compression(body, form),
        quality=words["quality"],
        background=words["background"],
        edits=images > 0,
        input_images=images,
    )


def _prompt(body: Body) -> str:
    prompt = body.get("prompt")
    if not isinstance(prompt, str) or not prompt:
        raise BadRequest("Missing required parameter: 'prompt'.", param="prompt", code=MISSING)
    return prompt


def _choice(body: Body, name: str) -> str:
    known, value = _CHOICES[name], body.get(name)
    if value is None:
        return known[0]
    if value not in known:
        supported = ", ".join(f"'{one}'" for one in known)
        message = f"Invalid value: '{str(value)[:40]}'. Supported values are: {supported}."
        raise BadRequest(message, param=name, code="invalid_value")
    return str(value)


def _size(body: Body) -> tuple[int, int]:
    said = body.get("size")
    found = _SIZE.fullmatch(_USUAL_SIZE if said in (None, "auto") else str(said))
    if found is None or int(found[1]) % _STEP or int(found[2]) % _STEP:
        message = f"Invalid size '{str(said)[:40]}': sides must be divisible by {_STEP}, such as {_USUAL_SIZE}."
        raise BadRequest(message, param="size", code="invalid_value")
    return int(found[1]), int(found[2])


def _compression(body: Body, form: str) -> int | None:
    value = _bounded(body, "output_compression", 100)
    if value is not None and form not in ("jpeg", "webp"):
        raise BadRequest(
            "Compression less than 100 is not supported for PNG output format.", param="output_compression"
        )
    return value


def _bounded(body: Body, name: str, most: int) -> int | None:
    """Return a number from 0 on; the one of `body_fields` begins at 1."""
    return 0 if body.get(name) == 0 and body.get(name) is not False else number_at(body, name, most=most)


def _body(fields: list[Field]) -> dict[str, Any]:
    """Return the fields of a form that are no files, in the types that JSON would have."""
    body: dict[str, Any] = {}
    for field in fields:
        if field.filename is not None:
            continue
        value: Any = field.text
        if field.name in _NUMBERS and value.isdecimal():
            value = int(value)
        body[field.name] = _FLAGS.get(value, value) if field.name == "stream" else value
    return body


def _referred(body: Body) -> int:
    """Return how many images a request refers to that sends none."""
    images = body.get("images")
    if not isinstance(images, list) or not images:
        raise BadRequest("Missing required parameter: 'images'.", param="images", code=MISSING)
    return len(images)


def _images(fields: list[Field]) -> int:
    """Return how many images came, once all files are such as OpenAI takes."""
    files = [field for field in fields if field.filename is not None]
    for file in files:
        if file.name not in _FILES:
            raise BadRequest(f"Unknown parameter: '{file.name[:40]}'.", param=file.name, code="unknown_parameter")
        _check_picture(file)
    images = sum(file.name in ("image", "image[]") for file in files)
    if not 1 <= images <= _MOST_INPUTS:
        raise BadRequest(f"1 to {_MOST_INPUTS} images are expected, got {images}.", param="image", code=MISSING)
    first = next(file for file in files if file.name in ("image", "image[]"))
    for mask in (file for file in files if file.name == "mask"):
        _check_mask(mask, first)
    return images


def _check_mask(mask: Field, picture: Field) -> None:
    sizes = [stored_size(io.BytesIO(file.data)) for file in (mask, picture)]
    if mask.data[_COLOUR_TYPE : _COLOUR_TYPE + 1] in _OPAQUE:
        raise BadRequest(f"{_INVALID_MASK} - mask image missing alpha channel", param="mask", code=_MASK_CODE)
    if sizes[0] != sizes[1]:
        raise BadRequest(f"{_INVALID_MASK} - mask size does not match image size", param="mask", code=_MASK_CODE)


def _check_picture(file: Field) -> None:
    try:
        found = detect(file.data[:HEAD_BYTES]).mime_type
    except MediaError:
        found = "application/octet-stream"
    if found not in (_PICTURES if file.name.startswith("image") else _PICTURES[:1]):
        message = f"Invalid file '{file.name}': unsupported mimetype ('{found}')."
        raise BadRequest(message, param=file.name, code="unsupported_file_mimetype")
