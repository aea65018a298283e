"""Addresses that lead into our own network, or try to: each must be refused."""

from __future__ import annotations

# what stands in the place of an address; {port} is where a listener waits on 127.0.0.1
HOSTILE = (
    "http://127.0.0.1:{port}/",
    "http://127.0.0.2:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://2130706433:{port}/",  # decimal
    "http://017700000001:{port}/",  # octal
    "http://0177.0.0.1:{port}/",
    "http://0x7f000001:{port}/",  # hexadecimal
    "http://0x7f.0.0.1:{port}/",
    "http://0X7F.1:{port}/",
    "http://127.0.0.01:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://１２７.０.０.１:{port}/",  # full-width digits
    "http://127。0。0。1:{port}/",  # ideographic full stops
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST.:{port}/",
    "http://inside.example:{port}/",  # a name with an inside address
    "http://mixed.example:{port}/",  # one answer outside, one inside
    "http://mapped.example:{port}/",
    "http://unknown.example:{port}/",  # no answer at all
    "http://[::1]:{port}/",
    "http://[::]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",  # IPv4-mapped
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",  # IPv4-compatible
    "http://[64:ff9b::7f00:1]:{port}/",  # NAT64
    "http://[64:ff9b::10.0.0.1]:{port}/",
    "http://[64:ff9b:1::7f00:1]:{port}/",  # NAT64 of a house
    "http://[2002:7f00:1::]:{port}/",  # 6to4
    "http://[2001:0:7f00:1::]:{port}/",  # Teredo
    "http://[2001:db8::1]:{port}/",
    "http://[2600::5efe:7f00:1]:{port}/",  # ISATAP
    "http://[fd00::1]:{port}/",
    "http://[fe80::1]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[fec0::1]:{port}/",
    "http://[ff02::1]:{port}/",
    "http://10.0.0.1:{port}/",
    "http://172.16.0.1:{port}/",
    "http://172.31.255.255:{port}/",
    "http://192.168.1.1:{port}/",
    "http://100.64.0.1:{port}/",  # carrier-grade NAT
    "http://169.254.169.254:{port}/latest/meta-data/",
    "http://192.0.0.192:{port}/",
    "http://192.88.99.1:{port}/",
    "http://198.18.0.1:{port}/",
    "http://203.0.113.7:{port}/",
    "http://224.0.0.1:{port}/",
    "http://255.255.255.255:{port}/",
    "http://user@127.0.0.1:{port}/",
    "http://8.8.8.8@127.0.0.1:{port}/",
    "http://user:word@8.8.8.8:{port}/",
    "http://8.8.8.8:{port}@127.0.0.1:{port}/",
    "http://8.8.8.8\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@8.8.8.8/",
    "http://127.0.0.1%2f@8.8.8.8:{port}/",
    "http://127.0.0.1%00.example:{port}/",
    "http://127.0.0.1\t:{port}/",
    "http:/\n/127.0.0.1:{port}/",
    "http:127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "gopher://127.0.0.1:{port}/_x",
    "file:///etc/passwd",
    "ftp://127.0.0.1:{port}/",
    "dict://127.0.0.1:{port}/",
    "ldap://127.0.0.1:{port}/",
    "jar:http://127.0.0.1:{port}/!/",
    "data:text/plain,hello",
    "javascript:alert(1)",
    "unix:///var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/x",
    "http://8.8.8.8:22/",
    "http://8.8.8.8:6379/",
    "http://8.8.8.8:0/",
    "http://8.8.8.8:99999/",
    "http://8.8.8.8:x/",
    "http://[::1/",
    "http://",
    "http://.:{port}/",
    "http://a..b:{port}/",
)

NAMES = {
    "localhost": ["127.0.0.1", "::1"],
    "inside.example": ["10.1.2.3"],
    "mixed.example": ["8.8.8.8", "127.0.0.1"],
    "mapped.example": ["::ffff:169.254.169.254"],
    "outside.example": ["8.8.8.8"],
}


def known_names(host: str, port: int) -> list[str]:
    """Answer as a hostile name server would."""
    return NAMES.get(host, [])
