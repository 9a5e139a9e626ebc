"""Input images as the files of a form."""

from pathlib import Path

import pytest

from massgen_stream.errors import MediaError, MediaOverLimit
from massgen_stream.generation.form_file import FormFile, form_file

from .fakes import PNG

pytestmark = pytest.mark.anyio
TAKES = ("image/png", "image/jpeg")


async def test_a_file_is_named_by_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(PNG)
    for part in (PNG, tmp_path / "secret.jpg", {"type": "image", "data": PNG, "mime_type": "image/jpeg"}):
        found = await form_file(part, "image 1", "image-1", takes=TAKES, most_bytes=len(PNG))
        assert found == FormFile("image-1.png", PNG, "image/png")


async def test_what_the_vendor_does_not_take(tmp_path: Path) -> None:
    with pytest.raises(MediaOverLimit, match=r"image 1 is over the limit of 6.*e-05 MiB; send a smaller one"):
        await form_file(PNG, "image 1", "a", takes=TAKES, most_bytes=len(PNG) - 1)
    with pytest.raises(MediaError, match="mask_path is image/png, which is not one of image/webp"):
        await form_file(PNG, "mask_path", "a", takes=("image/webp",), most_bytes=1000)
    with pytest.raises(MediaError, match="cannot read"):
        await form_file(tmp_path / "none.png", "image 1", "a", takes=TAKES, most_bytes=1000)
