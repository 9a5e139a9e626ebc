from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.stream_chunk.running_text import ItemTexts, RunningText

TEXTS = st.lists(st.text(st.characters(), max_size=5), max_size=5)


def running(texts: list[str]) -> RunningText:
    text = RunningText()
    for one in texts:
        text.add(one)
    return text


@given(TEXTS, TEXTS)
def test_it_equals_what_concatenates_to_the_same_utf_16(these: list[str], those: list[str]) -> None:
    same = [("".join(texts)).encode("utf-16", "surrogatepass") for texts in (these, those)]
    assert running(these).equals(those) == (same[0] == same[1])
    assert running(these).equals(["".join(these)])


def test_it_counts_utf_16_units() -> None:
    assert running(["a", "😀", "\ud83d"]).length == 4


def test_an_empty_one_equals_nothing_at_all() -> None:
    assert RunningText().equals([])
    assert RunningText().equals(["", ""])
    assert not RunningText().equals(["a"])


def test_texts_of_items_are_compared_in_one_order_or_item_by_item() -> None:
    texts = ItemTexts()
    for item, text in (("i", "a"), ("j", "b"), ("i", "c")):
        texts.add(item, text)
    assert texts.equals([(None, "abc")])
    assert texts.equals([("j", "b"), ("i", "ac")])
    assert not texts.equals([("i", "ac")])
    assert not texts.equals([("i", "ac"), ("j", "b"), ("k", "d")])
    assert not texts.equals([])
