"""Pixels of pictures by their first bytes, against the decoder."""

import io
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from massgen_stream.media.picture_heads import stored_size

from .files import picture


def head_of(data: bytes) -> Any:
    return stored_size(io.BytesIO(data))


def written(size: tuple[int, int], form: str, mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, form, **options)
    return out.getvalue()


@given(size=st.tuples(st.integers(1, 400), st.integers(1, 400)), form=st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]))
@example(size=(16383, 2), form="WEBP")
@example(size=(3, 20_000), form="JPEG")
def test_it_is_what_the_decoder_says(size: tuple[int, int], form: str) -> None:
    assert head_of(written(size, form)) == size


@pytest.mark.parametrize(
    ("form", "mode", "options"),
    [
        ("WEBP", "RGB", {"lossless": True}),
        ("WEBP", "RGBA", {"quality": 50}),
        ("WEBP", "RGB", {"exif": b"Exif\0\0" + bytes(200)}),
        ("JPEG", "RGB", {"progressive": True}),
        ("JPEG", "L", {"exif": b"Exif\0\0" + bytes(60_000), "comment": b"a" * 50_000}),
        ("JPEG", "CMYK", {"icc_profile": bytes(150_000)}),
        ("PNG", "I;16", {}),
        ("GIF", "P", {"save_all": True, "append_images": [Image.new("P", (300, 50))]}),
    ],
)
def test_every_kind_of_head(form: str, mode: str, options: dict[str, Any]) -> None:
    assert head_of(written((300, 50), form, mode, **options)) == (300, 50)


@pytest.mark.parametrize(("count", "size"), [(3, (300, 50)), (63, (300, 50)), (64, None), (90_000, None)])
def test_bytes_that_fill_up_before_a_mark(count: int, size: Any) -> None:
    data = written((300, 50), "JPEG")
    assert head_of(data[:2] + b"\xff" * count + data[2:]) == size


class Counting(io.BytesIO):
    """Counts what is read of it."""

    reads = 0
    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.reads, self.count = self.reads + 1, self.count + len(data)
        return data


@pytest.mark.parametrize(
    "data",
    [b"\xff" * 200_000, b"\xff\xe1\0\2" * 50_000, (b"\xff" * 60 + b"\xe1\0\2") * 3000],
    ids=["fills", "segments", "both"],
)
def test_a_hostile_file_costs_little(data: bytes) -> None:
    file = Counting(b"\xff\xd8" + data)
    assert stored_size(file) is None
    assert file.reads <= 520
    assert file.count <= 40_000


@given(
    st.binary(max_size=60),
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8X"]),
)
def test_nothing_that_is_read_is_an_error(data: bytes, head: bytes) -> None:
    found = head_of(head + data)
    assert found is None or all(side >= 0 for side in found)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_what_is_cut_before_its_size_tells_none(form: str) -> None:
    sizes = [head_of(picture(form)[:end]) for end in range(700)]
    assert sizes[0] is None
    assert sizes[-1] == (64, 48)
    assert {*sizes} == {None, (64, 48)}


@pytest.mark.parametrize("form", ["BMP", "TIFF", "AVIF"])
def test_other_types_tell_none(form: str) -> None:
    assert head_of(picture(form)) is None
