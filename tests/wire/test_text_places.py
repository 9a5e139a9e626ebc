from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.wire.text_places import TextPlaces


@given(st.lists(st.text(st.sampled_from("aé€😀\n"))))
def test_bytes_become_code_points(pieces: list[str]) -> None:
    places, text = TextPlaces(), "".join(pieces)
    for piece in pieces:
        places.add(piece)
    for place in range(len(text) + 1):
        assert places.code_points(len(text[:place].encode())) == place


def test_beyond_its_memory_places_are_unknown() -> None:
    places = TextPlaces()
    places.add("é" * 2**16)
    assert places.code_points(4) == 2
    places.add("é")
    places.add("é" * 100)
    assert places.code_points(4) is None
