import pytest

from massgen_stream.errors import ConfigurationError
from massgen_stream.provider import Model, ProviderSpec


def spec(**fields: object) -> ProviderSpec:
    return ProviderSpec(**{"name": "p", "title": "P", "protocol": "openai.chat", "default_model": "m", **fields})  # type: ignore[arg-type]


def test_a_spec_is_a_frozen_value() -> None:
    with pytest.raises(AttributeError):
        spec().name = "q"  # type: ignore[misc]
    assert spec() == spec()


@pytest.mark.parametrize("name", ["", "Upper", "with-dash", "with space", "ключ"])
def test_names(name: str) -> None:
    with pytest.raises(ConfigurationError, match="provider name"):
        spec(name=name)


@pytest.mark.parametrize("fields", [{"input_media": {"smell": None}}, {"output_media": ("smell",)}])
def test_kinds_of_media(fields: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match="'smell' is not one of image, audio, video, document"):
        spec(**fields)


def test_the_first_variable_that_is_set_counts() -> None:
    both = spec(api_key_env=("A", "B"), base_url_env=("U",), base_url="http://own")
    assert both.api_key({"B": "2"}) == "2"
    assert both.api_key({"A": " 1 ", "B": "2"}) == "1"
    assert both.api_key({"A": "", "B": " "}) is None
    assert both.address({"U": "http://there"}) == "http://there"
    assert both.address({}) == "http://own"


def test_models() -> None:
    assert Model("m", 10).context_tokens == 10
    assert Model("m").max_output_tokens is None
