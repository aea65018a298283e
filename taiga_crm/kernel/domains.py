"""Domains for comparing: the part of a site or an e-mail address that a company owns."""

from __future__ import annotations

import re

from taiga_crm.kernel.text import folded

MAILERS = """
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com aol.com
    icloud.com me.com mac.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de mail.com
    proton.me protonmail.com zoho.com yandex.ru yandex.com mail.ru inbox.ru bk.ru list.ru
    seznam.cz email.cz centrum.cz post.cz volny.cz atlas.cz azet.sk zoznam.sk centrum.sk
    naver.com daum.net hanmail.net nate.com kakao.com qq.com 163.com 126.com sina.com foxmail.com
    yahoo.co.jp yahoo.co.uk yahoo.fr yahoo.de orange.fr wanadoo.fr free.fr laposte.net libero.it
    o2.pl wp.pl onet.pl interia.pl hotmail.co.uk hotmail.fr btinternet.com fastmail.com tutanota.com
"""
SECONDS = "ac co com edu go gov gob gr ltd mil ne net nom or org pe re sch"
FREE_MAILERS = frozenset(MAILERS.split())
SECOND_LEVELS = frozenset(SECONDS.split())
HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^/@?#]*@)?([^/:?#\s]+)")


def domain_key(text: str) -> str:
    """Return the registered domain of a site or an address; "" for free mailers and nonsense.

    >>> domain_key("https://www.shop.acme.co.uk/en?x=1"), domain_key("jo@mail.acme.com")
    ('acme.co.uk', 'acme.com')
    """
    found = HOST.match(folded(text))
    host = found.group(1).strip(".") if found else ""
    try:
        labels = host.encode("idna").decode("ascii").split(".")
    except UnicodeError:
        return ""
    if len(labels) < 2 or not all(labels) or labels[-1].isdigit():
        return ""
    size = 3 if len(labels[-1]) == 2 and labels[-2] in SECOND_LEVELS and len(labels) > 2 else 2
    domain = ".".join(labels[-size:])[:200]
    return "" if domain in FREE_MAILERS else domain
