"""Strategies of the values that chunks and messages hold: everything that has a JSON form, and bytes.

Strategies are made once and kept: hypothesis examines each new one again, which costs more than drawing from it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any, Final, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ..stream_chunk.document import METADATA_FIELDS
from ..stream_chunk.jsonform import text_form, to_form
from ..stream_chunk.kinds import MediaType
from ..stream_chunk.multimodal import MediaMetadata

Data = dict[str, Any]
_V = TypeVar("_V")
PROTOCOLS: Final = ("openai.chat", "openai.responses", "anthropic.messages", "google.generate_content")
_ODD_KEYS: Final = ("$", "$bytes", "$$bytes", "$extra", "$ref", "", "type", "extra")
_HUGE: Final = (2**63, 2**64, -(2**63) - 1, 10**400, -(10**400))
_SIZE: Final = 3
"""Most items of a generated container or text of no importance; laws rarely need more, and it keeps examples fast."""


_TROUBLESOME: Final = 'a\ud83d\ude00\udfff😀é"\\$\n\r\u2028\x00\x7f'
"""Characters that codecs have trouble with; among all of Unicode they would be too rare."""


_ALPHABETS: Final = (st.characters(), st.sampled_from(_TROUBLESOME))


@cache
def text(*, min_size: int = 0, max_size: int = 8) -> SearchStrategy[str]:
    """Any characters, lone surrogates too; an adjacent pair is its character, since JSON cannot tell them apart."""
    some, troublesome = (st.text(alphabet, min_size=min_size, max_size=max_size) for alphabet in _ALPHABETS)
    return (some | troublesome).map(text_form)


@cache
def optional(strategy: SearchStrategy[_V]) -> SearchStrategy[_V | None]:
    """None, or a value of *strategy*."""
    return st.none() | strategy


@cache
def ids() -> SearchStrategy[str]:
    """Short ids."""
    return st.text("abcxyz019_-", min_size=1, max_size=6)


@cache
def integers(minimum: int | None = None) -> SearchStrategy[int]:
    """Integers of any size, often small."""
    huge = [number for number in _HUGE if minimum is None or number >= minimum]
    return st.one_of(st.integers(minimum, 100), st.integers(minimum), st.sampled_from(huge))


@cache
def floats(minimum: float | None = None, maximum: float | None = None) -> SearchStrategy[float]:
    """Finite floats."""
    return st.floats(minimum, maximum, allow_nan=False, allow_infinity=False)


@cache
def keys() -> SearchStrategy[str]:
    """Keys of dictionaries, also such as look like ours."""
    return st.one_of(ids(), st.sampled_from(_ODD_KEYS), text())


def json_values() -> SearchStrategy[Any]:
    """Values that a dictionary of a chunk can hold: JSON, integers of any size, and bytes anywhere."""
    plain = st.one_of(st.none(), st.booleans(), integers(), floats(), text(), st.binary(max_size=8))
    return st.recursive(plain, _containers, max_leaves=6)


def _containers(items: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.lists(items, max_size=_SIZE) | st.dictionaries(keys(), items, max_size=_SIZE)


_VALUES: Final = json_values()


@cache
def dicts() -> SearchStrategy[Data]:
    """Dictionaries without a fixed form."""
    return st.dictionaries(keys(), _VALUES, max_size=_SIZE)


@cache
def provider_data() -> SearchStrategy[Data]:
    """Opaque data by wire protocol."""
    return st.dictionaries(st.sampled_from(PROTOCOLS), dicts(), min_size=1, max_size=2)


def extras(known: frozenset[str], *, min_size: int = 1) -> SearchStrategy[Data]:
    """Fields that this version does not know, in their JSON form; none is called as one of *known*."""
    names = keys().filter(lambda name: name not in known)
    return st.dictionaries(names, _VALUES.map(to_form), min_size=min_size, max_size=_SIZE)


@cache
def arguments() -> SearchStrategy[str]:
    """Arguments of a function call: JSON objects as text."""
    return st.sampled_from(('{"city": "Oslo"}', '{"a": [1, 2], "b": null}', '{"q": "\\u00e6\\ud83d"}', '{"t": "日本"}'))


def calls(*, call_id: SearchStrategy[str] | None = None) -> SearchStrategy[Data]:
    """Complete calls of a client's tool: functions, custom tools, and such as cannot be executed."""
    named = {"id": ids() if call_id is None else call_id, "name": ids()}
    optional = {"provider_data": provider_data()}
    function = {**named, "arguments": arguments(), "kind": st.just("function")}
    custom = {**named, "arguments": text(), "kind": st.just("custom")}
    reasons = st.fixed_dictionaries({"reason": st.sampled_from(("not JSON", "incomplete"))})
    invalid = {**named, "arguments": st.just('{"city": '), "kind": st.just("function"), "invalid": reasons}
    return st.one_of(*(st.fixed_dictionaries(form, optional=optional) for form in (function, custom, invalid)))


@cache
def metadata() -> SearchStrategy[MediaMetadata]:
    """What may be known of a medium that is not there to be measured."""
    known = frozenset(METADATA_FIELDS)
    optional = {name: _METADATA_VALUES.get(name, integers(0)) for name in METADATA_FIELDS if name != "mime_type"}
    fields = {"mime_type": st.sampled_from(("image/png", "audio/pcm;rate=24000", "video/mp4", "application/pdf"))}
    return st.builds(
        lambda fields, extra: MediaMetadata(**fields, extra=extra or None),
        st.fixed_dictionaries(fields, optional=optional),
        st.one_of(st.just({}), extras(known, min_size=0)),
    )


_METADATA_VALUES: Final[Mapping[str, SearchStrategy[Any]]] = {
    "duration_seconds": floats(0),
    "filename": text(min_size=1),
    "checksum": st.binary(max_size=4).map(lambda data: f"sha256:{sha256(data).hexdigest()}"),
}


def described(data: bytes, mime_type: str = "application/octet-stream") -> MediaMetadata:
    """Return metadata with the size and digest of *data*."""
    return MediaMetadata(mime_type=mime_type, size_bytes=len(data), checksum=f"sha256:{sha256(data).hexdigest()}")


@cache
def base64() -> SearchStrategy[str]:
    """Base64 text."""
    return st.binary(max_size=12).map(lambda one: b64encode(one).decode("ascii"))


@cache
def media_sources() -> SearchStrategy[Data]:
    """Where the bytes of a media part are; each has exactly one of the five keys."""
    urls = st.sampled_from(("https://example.com/a.png", "http://127.0.0.1:8000/b?x=1"))
    paths = st.sampled_from(("/tmp/a.png", "b/c.wav"))  # noqa: S108 - a name; nothing is opened
    one = {"url": urls, "base64": base64(), "data": st.binary(max_size=12), "path": paths, "file_id": ids()}
    return st.one_of(*(st.fixed_dictionaries({name: strategy}) for name, strategy in one.items()))


@cache
def media_parts() -> SearchStrategy[Data]:
    """Media parts of messages and attachments."""
    optional = {"mime_type": st.sampled_from(("image/png", "audio/wav", "application/pdf")), "filename": ids()}
    kinds = st.sampled_from([kind.value for kind in MediaType])
    rest = st.fixed_dictionaries({"type": kinds}, optional=optional)
    return st.builds(lambda part, source: {**part, **source}, rest, media_sources())
