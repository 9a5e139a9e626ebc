import pytest

from massgen_stream.backend.account import Account
from massgen_stream.errors import ConfigurationError, MissingKey
from massgen_stream.provider import ProviderSpec

SPEC = ProviderSpec(
    name="p",
    title="P",
    protocol="openai.chat",
    default_model="m",
    base_url="https://p.example/v1",
    base_url_env=("P_URL",),
    api_key_env=("P_KEY", "P_TOKEN"),
)


def test_arguments_win_over_the_environment_and_it_over_the_provider() -> None:
    environ = {"P_TOKEN": "from-environment", "P_URL": "http://there/v1"}
    account = Account.of(SPEC, "given", "http://here/v1", environ)
    assert (account.api_key, account.base_url) == ("given", "http://here/v1")
    account = Account.of(SPEC, None, None, environ)
    assert (account.api_key, account.base_url) == ("from-environment", "http://there/v1")
    account = Account.of(SPEC, None, None, {"P_KEY": " first ", "P_TOKEN": "second"})
    assert (account.api_key, account.base_url) == ("first", "https://p.example/v1")


@pytest.mark.parametrize("key", [None, "", "  "])
@pytest.mark.parametrize("environ", [{}, {"P_KEY": "", "P_TOKEN": " "}])
def test_a_missing_key(key: str | None, environ: dict[str, str]) -> None:
    with pytest.raises(MissingKey) as caught:
        Account.of(SPEC, key, None, environ)
    assert (caught.value.provider, caught.value.variable) == ("p", "P_KEY")


def test_elsewhere_a_key_is_optional() -> None:
    assert Account.of(SPEC, None, "http://here/v1", {}).api_key is None
    assert Account.of(SPEC, None, None, {"P_URL": "http://here/v1"}).api_key is None
    with pytest.raises(MissingKey):
        Account.of(SPEC, None, "https://p.example/v1", {})


@pytest.mark.parametrize("key", ["two words", "ключ", "new\nline", "tab\tbed"])
def test_a_key_that_no_header_can_carry(key: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^api_key holds characters") as caught:
        Account.of(SPEC, key, None, {})
    assert key not in str(caught.value)
    with pytest.raises(ConfigurationError, match=r"^P_TOKEN holds characters") as caught:
        Account.of(SPEC, None, None, {"P_KEY": " ", "P_TOKEN": key})
    assert key not in str(caught.value)


def test_a_key_of_the_wrong_type() -> None:
    with pytest.raises(ConfigurationError, match="api_key must be a string, not int"):
        Account.of(SPEC, 5, None, {})  # type: ignore[arg-type]


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://x/v1", "http://", "http://x:99999/", "//x", "http://[x/"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(ConfigurationError, match="base_url must be an address"):
        Account.of(SPEC, "k", url, {})


def test_an_address_of_the_environment_that_is_none_names_its_variable() -> None:
    with pytest.raises(ConfigurationError, match="P_URL must be an address such as"):
        Account.of(SPEC, "k", None, {"P_URL": "localhost:8000"})


def test_no_secret_is_shown() -> None:
    account = Account.of(SPEC, "topsecret", "https://user:hunter22@here:8000/v1?key=x", {})
    assert repr(account) == "Account(api_key='set', base_url='https://here:8000/v1')"
    assert set(account.secrets) == {"topsecret", "hunter22"}
    assert repr(Account(None, None)) == "Account(api_key=None, base_url=None)"
