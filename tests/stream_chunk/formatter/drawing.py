"""What conversations of every formatter are drawn from."""

from base64 import b64encode
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Data = dict[str, Any]

# Requests are UTF-8, so half characters are no supported content.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
said = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda items: st.lists(items, max_size=2) | st.dictionaries(texts, items, max_size=2),
    max_leaves=4,
)
objects = st.dictionaries(texts, values, max_size=2)
ids = st.text("abc_1", min_size=1, max_size=5)
base64 = st.binary(min_size=1, max_size=8).map(lambda data: b64encode(data).decode())


def one_of(*choices: str) -> SearchStrategy[str]:
    return st.sampled_from(choices)
