"""Reference images of a request, checked as Imagen checks them.

https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/imagen-api-customization#referenceimages; the
names of their settings are those that google-genai 3.4 sends.
"""

from __future__ import annotations

import struct
from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Final

from ....errors import MediaError
from ....media.detection import HEAD_BYTES, detect
from ...body_fields import object_at, wrong_type
from ...vendor import BadRequest
from ..google_generate_content.fields import camelled

Body = Mapping[str, Any]
_KINDS: Final = ("RAW", "MASK", "CONTROL", "STYLE", "SUBJECT", "CONTENT")
_WORDS: Final = {
    "maskMode": ("DEFAULT", "USER_PROVIDED", "BACKGROUND", "FOREGROUND", "SEMANTIC"),
    "controlType": ("DEFAULT", "CANNY", "SCRIBBLE", "FACE_MESH"),
    "subjectType": ("DEFAULT", "PERSON", "ANIMAL", "PRODUCT"),
}
_SETTINGS: Final = {
    "MASK": ("maskMode", "maskClasses", "dilation"),
    "CONTROL": ("controlType", "computeControl"),
    "STYLE": ("styleDescription",),
    "SUBJECT": ("subjectType", "subjectDescription"),
}
_EDIT_MODES: Final = (
    "EDIT_MODE_DEFAULT", "EDIT_MODE_INPAINT_REMOVAL", "EDIT_MODE_INPAINT_INSERTION", "EDIT_MODE_OUTPAINT",
    "EDIT_MODE_CONTROLLED_EDITING", "EDIT_MODE_STYLE", "EDIT_MODE_BGSWAP", "EDIT_MODE_PRODUCT_IMAGE",
)  # fmt: skip
_MASKED: Final = _EDIT_MODES[1:4]
_PICTURES: Final = ("image/png", "image/jpeg")
_HEADER: Final = struct.Struct(">16xII")
_UNREADABLE: Final = (96, 96)
"""For an image that is no PNG: its size is not looked for."""


def base_size(instance: Body, edit_mode: object) -> tuple[tuple[int, int] | None, int]:
    """Return the size of the image that is changed, which that of the answer is; None: none is. And how many there are.

    Raises:
        BadRequest: A reference image, or what is to be done with them, is refused.
    """
    given = instance.get("referenceImages") or []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise wrong_type("referenceImages", "an array of objects")
    kinds = [_kind(one) for one in given]
    if kinds.count("RAW") > 1 or kinds.count("MASK") > 1:
        raise BadRequest("At most one raw and one mask reference image are allowed.", param="referenceImages")
    sizes = {kind: _size(one, kind) for kind, one in zip(kinds, given, strict=True)}
    if edit_mode is not None and edit_mode not in _EDIT_MODES:
        raise BadRequest(f"Invalid editMode: {str(edit_mode)[:40]}", param="editMode")
    if edit_mode in _MASKED and not {"RAW", "MASK"} <= {*kinds}:
        raise BadRequest("A raw and a mask reference image are required for masked editing.", param="referenceImages")
    if "MASK" in kinds and "RAW" not in kinds:
        raise BadRequest("A mask needs a raw reference image.", param="referenceImages")
    raw, mask = sizes.get("RAW"), sizes.get("MASK")
    if mask is not None and mask != raw:
        raise BadRequest("The mask image has to be in the same size as the raw reference image.")
    return raw, len(given)


def _kind(one: Body) -> str:
    kind = str(one.get("referenceType")).removeprefix("REFERENCE_TYPE_")
    if kind not in _KINDS or not isinstance(one.get("referenceId"), int):
        raise BadRequest("A reference image needs a referenceType and a referenceId.", param="referenceImages")
    settings = camelled(object_at(one, f"{kind.lower()}ImageConfig"))  # the SDK spells some of them otherwise
    for name, value in settings.items():
        if name not in _SETTINGS.get(kind, ()):
            raise BadRequest(f"Unknown setting of a {kind} reference image: {name[:40]}", param=name)
        if name in _WORDS and str(value).rpartition(f"{name[:-4].upper()}_{name[-4:].upper()}_")[2] not in _WORDS[name]:
            raise BadRequest(f"Invalid {name}: {str(value)[:40]}", param=name)
    if settings.get("maskMode") == "MASK_MODE_USER_PROVIDED" and "referenceImage" not in one:
        raise BadRequest("MASK_MODE_USER_PROVIDED needs a mask image.", param="referenceImage")
    return kind


def _size(one: Body, kind: str) -> tuple[int, int] | None:
    image = one.get("referenceImage")
    if image is None and kind in ("MASK", "CONTROL"):
        return None  # it is computed
    if not isinstance(image, dict):
        raise wrong_type("referenceImage", "an object")
    if isinstance(image.get("gcsUri"), str):
        return _UNREADABLE
    try:
        data = b64decode(image.get("bytesBase64Encoded") or "", validate=True)
        found = detect(data[:HEAD_BYTES]).mime_type
    except (ValueError, TypeError, MediaError):
        found, data = "application/octet-stream", b""
    if found not in _PICTURES or image.get("mimeType", found) != found:
        raise BadRequest(f"Image format {found} is not supported: use PNG or JPEG.", param="bytesBase64Encoded")
    width, height = _HEADER.unpack_from(data) if found == "image/png" else _UNREADABLE
    return width, height
