"""Files that a request names."""

from pathlib import Path

import pytest

from massgen_stream.errors import MediaError
from massgen_stream.generation import GenerationConfig
from massgen_stream.generation.inputs import check_inputs, input_parts

FIELDS = ("mask_path", "markup_path", "style_image_path", "control_image_path", "subject_image_path")
LISTS = ("input_images", "reference_images", "input_videos", "input_audios", "input_image_paths")


@pytest.mark.parametrize("name", [*FIELDS, *LISTS, "last_frame", "keyframes"])
def test_every_file_is_looked_at(name: str, tmp_path: Path) -> None:
    there, missing = tmp_path / "a.png", tmp_path / "b.png"
    there.write_bytes(b"x")
    for place, is_there in ((there, True), (missing, False)):
        given = {"keyframes": [{"image": place, "timestamp": 0}]}.get(name, [place] if name in LISTS else place)
        config = GenerationConfig.of(prompt="a", **{"input_images": [there], name: given})
        assert any(str(part.get("path")) == str(place) for _, part in input_parts(config))
        if is_there:
            check_inputs(config)
        else:
            with pytest.raises(MediaError, match=f"{name}.*: cannot read .*b.png"):
                check_inputs(config)


def test_what_is_elsewhere_is_left_to_its_reader() -> None:
    check_inputs(GenerationConfig.of(prompt="a", input_images=["https://example.org/a.png", {"file_id": "f"}, b"x"]))
