"""Names of files."""

import errno
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.errors import ConfigurationError
from massgen_stream.generation import GenerationConfig, file_names
from massgen_stream.generation.file_names import FilePlaces, check_places, extension, slug


def test_a_folder_gets_names_of_the_prompt() -> None:
    places = FilePlaces(GenerationConfig.of(prompt="A Lighthouse, at dusk!", output_dir="out"), "0123456789-")
    assert [str(places.next("image/png")), str(places.next("audio/wav"))] == [
        "out/a-lighthouse-at-dusk-01234567.png",
        "out/a-lighthouse-at-dusk-01234567-2.wav",
    ]


def test_a_path_is_taken_as_it_is() -> None:
    places = FilePlaces(GenerationConfig.of(prompt="a", output_path="x/y.tar.jpeg"), "s")
    assert places.folder == Path("x")
    assert [str(places.next("image/png")) for _ in range(3)] == ["x/y.tar.jpeg", "x/y.tar-2.jpeg", "x/y.tar-3.jpeg"]


def test_no_place() -> None:
    assert FilePlaces(GenerationConfig(prompt="a"), "s").folder is None


def test_a_prompt_without_letters() -> None:
    config = GenerationConfig.of(prompt="灯台", media_type="audio", output_dir="o")
    assert FilePlaces(config, "s").next("audio/wav") == Path("o/audio-s.wav")


@given(st.text())
def test_a_slug_is_a_part_of_a_name(text: str) -> None:
    found = slug(text)
    assert len(found) <= 48
    assert found.replace("-", "a").isalnum() or not found
    assert found == found.lower()
    assert "--" not in found
    assert found.strip("-") == found
    assert found.isascii()


@pytest.mark.parametrize(
    ("mime_type", "ending"),
    [
        ("image/jpeg", "jpg"),
        ("audio/pcm;rate=24000", "pcm"),
        ("audio/L16;rate=8000", "pcm"),
        ("video/mp4", "mp4"),
        ("x/y", "bin"),
        ("image/svg+xml", "svg"),
    ],
)
def test_endings(mime_type: str, ending: str) -> None:
    assert extension(mime_type) == ending


def test_places_that_cannot_be(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"")
    for fields in ({"output_path": tmp_path}, {"output_dir": file}, {"output_path": "/"}):
        with pytest.raises(ConfigurationError, match="output_"):
            check_places(GenerationConfig.of(prompt="a", **fields))
    check_places(GenerationConfig.of(prompt="a", output_path=file))
    check_places(GenerationConfig.of(prompt="a", output_dir=tmp_path / "new"))


@pytest.mark.parametrize("name", ["file/below", "file/below/it", "/proc/nope", "a\0b"])
def test_a_folder_where_nothing_can_be_made_is_refused_before_anything_is_sent(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    place = tmp_path / name
    if name.startswith("/proc") and not Path("/proc/self").exists():
        pytest.skip("this system has no /proc")
    for fields in ({"output_dir": place}, {"output_path": place / "a.png"}):
        with pytest.raises(ConfigurationError, match=r"cannot make the folder .*; name another place"):
            check_places(GenerationConfig.of(prompt="a", **fields))


def test_a_folder_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(file_names, "TemporaryFile", refuse)  # whoever may write everywhere meets no such folder
    with pytest.raises(ConfigurationError, match="cannot write into the folder"):
        check_places(GenerationConfig.of(prompt="a", output_dir=tmp_path))


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="this system has no /proc")
def test_a_folder_that_is_there_and_takes_nothing() -> None:
    with pytest.raises(ConfigurationError, match="cannot write into the folder '/proc': "):
        check_places(GenerationConfig.of(prompt="a", output_path="/proc/a.png"))


def test_looking_leaves_nothing(tmp_path: Path) -> None:
    check_places(GenerationConfig.of(prompt="a", output_dir=tmp_path / "new" / "er"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ({"output_path": "a" * 300 + ".png"}, "output_path .* is longer than 250 bytes; shorten it"),
        ({"output_path": "灯" * 84}, "is longer than 250 bytes"),
        ({"output_path": "x\0y.png"}, "has a NUL in its name"),
        ({"output_path": "x\0/y.png"}, "a NUL is in its name"),
        ({"output_dir": "a" * 300}, "cannot make the folder"),
        ({"output_path": "a" * 300 + "/x.png"}, "cannot make the folder"),
    ],
)
def test_names_that_no_file_can_have(tmp_path: Path, places: dict[str, str], said: str) -> None:
    places = {name: f"{tmp_path}/{place}" for name, place in places.items()}
    with pytest.raises(ConfigurationError, match=said):
        check_places(GenerationConfig.of(prompt="a", **places))


def test_the_longest_name_can_be_numbered_and_written(tmp_path: Path) -> None:
    config = GenerationConfig.of(prompt="a", output_path=tmp_path / ("a" * 246 + ".png"))
    check_places(config)
    places = FilePlaces(config, "s")
    for _ in range(100):
        last = places.next("image/png")
    last.write_bytes(b"")
    assert last.name.endswith("a-100.png")


def test_requests_of_a_batch_have_names_of_their_own() -> None:
    config = GenerationConfig.of(prompt="x", output_dir="o")
    names = [FilePlaces(config, f"{number}-0123456789abcdef-").next("image/png").name for number in (1, 100)]
    assert names == ["x-1-01234567.png", "x-100-01234567.png"]
