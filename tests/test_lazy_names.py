"""Tables of contents; `tests/stream_chunk/test_exports.py` looks at those that there are."""

import pytest

from massgen_stream.lazy_names import lazy_names


def test_a_name_is_loaded_once_and_stays() -> None:
    namespace: dict[str, object] = {"old": 1}
    get, names = lazy_names("massgen_stream", {"decoder": ".wire"}, namespace)
    assert names() == ["decoder", "old"]
    loaded = get("decoder")
    assert namespace["decoder"] is loaded


def test_a_name_that_is_none() -> None:
    get, _ = lazy_names("massgen_stream.wire", {}, {})
    with pytest.raises(AttributeError, match=r"module 'massgen_stream\.wire' has no attribute 'nothing'"):
        get("nothing")
