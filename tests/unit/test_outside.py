"""Which URLs may be called on behalf of others: public addresses, by HTTPS, whatever form they are written in."""

from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from invoicing_domain.outside import Outside, Unfit, is_public, system_resolver

PUBLIC = "93.184.216.34"


def names(*addresses: str) -> Outside:
    return Outside(resolve=lambda *_: addresses)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://erp.example/", "https://"),
        ("ftp://erp.example/", "https://"),
        ("file:///etc/passwd", "https://"),
        ("gopher://erp.example/", "https://"),
        ("erp.example", "https://"),
        ("https://", "host"),
        ("https:///hooks", "host"),
        ("https://user@erp.example/", "user name"),
        ("https://user:secret@erp.example/", "user name"),
        ("https://erp.example@127.0.0.1/", "user name"),
        ("https://erp.example/#part", "fragment"),
        ("https://erp.example:22/", "port"),
        ("https://erp.example:5432/", "port"),
        ("https://erp.example:99999/", "no URL"),
        ("https://[::1/", "no URL"),
        ("https://erp.example/a b", "ASCII"),
        ("https://erp.example/\r\nHost: x", "ASCII"),
        ("https://ștefan.example/", "ASCII"),
        ("https://erp.example\\@127.0.0.1/", "ASCII"),
        ("https://erp.example/" + "x" * 2000, "characters"),
    ],
)
def test_a_url_that_may_not_be_called_is_refused_with_the_reason(url: str, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        names(PUBLIC).target(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",  # noqa: S104 - read, not bound
        "10.0.0.5",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.192",
        "192.88.99.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:53aa:64c:0:0:80ff:fffe",
        "2001:db8::1",
    ],
)
def test_an_address_of_this_house_or_of_none_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))
    outside = names(PUBLIC, address)
    with pytest.raises(Unfit, match="not public"):
        outside.addresses(outside.target("https://erp.example/"))


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    outside = names(address)
    assert outside.addresses(outside.target("https://erp.example:8443/x?y=1")) == (address,)


@pytest.mark.parametrize("host", ["2130706433", "0177.0.0.1", "0x7f.1", "127.1", "localhost", "[::ffff:7f00:1]"])
def test_another_way_to_write_this_machine_is_still_this_machine(host: str) -> None:
    outside = Outside()
    with pytest.raises(Unfit, match=r"not public|cannot be found"):
        outside.addresses(outside.target(f"https://{host}/"))


def test_a_name_that_leads_nowhere_is_refused() -> None:
    def nowhere(*_: object) -> Sequence[str]:
        raise OSError("no such name")

    for outside in (names(), Outside(resolve=nowhere)):
        with pytest.raises(Unfit, match="cannot be found"):
            outside.addresses(outside.target("https://erp.example/"))
    with pytest.raises(Unfit, match="cannot be found"):
        Outside().addresses(Outside().target(f"https://{'x' * 64}.example/"))


def test_where_private_addresses_are_allowed_so_are_plain_http_and_any_port() -> None:
    outside = Outside(allow_private=True, resolve=system_resolver)
    target = outside.target("http://127.0.0.1:9000/hooks")
    assert (target.is_encrypted, target.port, target.authority) == (False, 9000, "127.0.0.1:9000")
    assert outside.addresses(target) == ("127.0.0.1",)
    with pytest.raises(Unfit, match="https://"):
        outside.target("file:///etc/passwd")


def test_a_target_keeps_path_and_query_as_written() -> None:
    target = names(PUBLIC).target("https://erp.example?a=%2F")
    assert (target.host, target.port, target.path) == ("erp.example", 443, "/?a=%2F")
