"""Speech bodies as servers send them, and worse: a strategy for laws of decoders."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .wires_endpoint import bodies

Data = dict[str, Any]
HEADS: Final = (
    b"RIFF\xff\xff\xff\xffWAVEfmt ", b"ID3\x04\x00", b"\xff\xf3\xc4\xc4\x00", b"\xff\xfb\x90\xc4", b"fLaC\x00\x00\x00",
    b"OggS\x00\x02", b"\xff\xf1\x50\x80", b"\x1aE\xdf\xa3", b"\x00\x00\x00\x20ftypM4A ", b"\x0b\x00\x0c\x00", b"",
    b"RIFF\x01\x00\x00\x00AVI ", b"\xff\xff\xff\xff", b"FORM\x00\x00", b"caff\x00\x01", b"\xef\xbb\xbf\xff",
)  # fmt: skip
"""First bytes of sound: of every format that vendors send, and of none."""

_DELTAS: Final[tuple[Any, ...]] = ("AAAB", "//Pj", "SUQz", "ZkxhQw", "AAAA\n", "", None)
_ODD_DELTAS: Final[tuple[Any, ...]] = (5, "?", [], "\ud83d", float("nan"))
_USAGES: Final[tuple[Any, ...]] = (
    {"input_tokens": 14, "output_tokens": 101, "total_tokens": 115}, {}, None, {"characters": 5, "input_tokens": 2**70},
)  # fmt: skip
_ODD_USAGES: Final[tuple[Any, ...]] = (5, {"input_tokens": "5"}, {"total_tokens": -1, "n": float("nan")})


@st.composite
def events(draw: DrawFn, *, odd: bool = False) -> Data:
    """One event of a stream, as a document; an *odd* one is as no server should send it."""
    strange = _ODD_DELTAS if odd else ()
    kind = draw(st.integers(0, 6))
    if kind == 1:
        return {"type": "speech.audio.unheard_of", "audio": 5}
    usage = draw(st.sampled_from((*_USAGES, *(_ODD_USAGES if odd else ()))))
    said = {} if usage is None else {"usage": usage}
    if kind == 2:  # noqa: PLR2004 - one in seven ends
        return {"type": "speech.audio.done", **said}
    sound = draw(
        st.sampled_from((*_DELTAS, *strange)) | st.binary(max_size=20).map(lambda data: b64encode(data).decode())
    )
    place = draw(st.sampled_from(("audio", "audio", "audio_data")))
    return {"type": "speech.audio.delta", place: sound, **(said if odd else {})}


def raw_sound() -> SearchStrategy[bytes]:
    """The bytes of sound, or what could be some."""
    return st.builds(lambda head, rest: head + rest, st.sampled_from(HEADS), st.binary(max_size=60))


def wires() -> SearchStrategy[bytes]:
    """The bytes of a response: events or raw sound, some of which nobody should send."""
    documents: SearchStrategy[Data] = st.sampled_from((
        {"audio": "AAAB"}, {"error": {"message": "no voice"}}, {"audio_data": "SUQzBAAA", "usage": {"total_tokens": 5}},
        {"audio_data": "?"}, {"audio_data": None}, {"err_code": "INVALID_AUTH", "err_msg": "no"},
    ))  # fmt: skip
    return bodies(events(), documents) | bodies(events(odd=True), documents) | raw_sound()
