"""Which addresses are public, and which URLs make sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.errors import UnreachableMedia
from massgen_stream.media.address_rules import AddressRules, checked_url, is_public, shown_url

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "192.0.2.1", "198.18.0.1", "240.0.0.1",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001::1", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public(address: str) -> None:
    assert not is_public(address)
    assert not AddressRules(allow_private=False).allows("example.com", address)
    assert AddressRules(allow_private=True).allows("example.com", address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_that_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_in_an_address_counts_like_itself(address: object) -> None:
    assert is_public(f"::ffff:{address}") == is_public(f"64:ff9b::{address}") == is_public(str(address))


def test_what_is_allowed_besides() -> None:
    rules = AddressRules(["Localhost", "10.0.0.0/8", "fd00::/8", "192.168.1.1"])
    for host, address in (("localhost", "::1"), ("x", "10.9.9.9"), ("x", "fd01::1"), ("x", "192.168.1.1")):
        assert rules.allows(host, address)
    for host, address in (("x", "127.0.0.1"), ("x", "172.16.0.1"), ("x", "192.168.1.2"), ("localhost.x", "::1")):
        assert not rules.allows(host, address)


@pytest.mark.parametrize("url", ["https://example.com", "http://example.com:8080/a%20b?c=d", "HTTPS://EXAMPLE.com/a"])
def test_a_url_that_can_be_fetched(url: str) -> None:
    assert checked_url(url + "#part").lower() == url.lower()


@pytest.mark.parametrize(
    "url",
    [
        "", "example.com", "//example.com", "http://", "https:///a", "ftp://example.com", "http://[::1", "http://a:x/",
        "http://a:0/", "http://a:70000/", "http://user@a/", "http://user:word@a/", "http://a/b c", "http://a/é",
        "http://a/\r\nx: y", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_a_url_that_cannot(url: str) -> None:
    with pytest.raises(UnreachableMedia) as caught:
        checked_url(url)
    assert "word" not in str(caught.value).replace("password", "")
    assert "\n" not in str(caught.value)


def test_no_secret_of_a_url_is_shown() -> None:
    assert shown_url("https://user:word@example.com/a.png?key=1#x") == "https://example.com/a.png"
    assert shown_url("http://[::1") == "the URL"
