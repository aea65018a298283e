"""Keys for comparing what people type: search words, e-mails, phones, company names."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress

import phonenumbers

WORD_BREAK = re.compile(r"[^\w]+|_", re.UNICODE)
MAX_WORDS = 12
LEGAL_FORMS = frozenset(
    [
        "inc",
        "incorporated",
        "ltd",
        "limited",
        "llc",
        "corp",
        "corporation",
        "gmbh",
        "ag",
        "kg",
        "se",
        "sro",
        "as",
        "spa",
        "srl",
        "sa",
        "sarl",
        "bv",
        "nv",
        "co",
        "company",
        "plc",
        "oy",
        "ab",
        "aps",
        "pty",
        "주식회사",
        "주",
        "㈜",
        "株式会社",
        "有限公司",
    ]
)


def folded(text: str) -> str:
    """Return the text in NFKC, lower case, without surrounding blanks."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def words(text: str) -> list[str]:
    """Split into search words: letters and digits of any alphabet, at most MAX_WORDS."""
    return [word for word in WORD_BREAK.split(folded(text)) if word][:MAX_WORDS]


def search_text(parts: list[str]) -> str:
    """Return the words of all parts, each once, in order: what prefix search looks into."""
    seen = dict.fromkeys(w for part in parts for w in WORD_BREAK.split(folded(part)) if w)
    return " ".join(seen)


def email_key(address: str) -> str:
    """Return trim + NFKC + lower case with an IDNA domain; dots and +tags stay."""
    local, _, domain = folded(address).rpartition("@")
    with suppress(UnicodeError):  # an undecodable domain is compared as it was typed
        domain = domain.encode("idna").decode("ascii")
    return f"{local}@{domain}"


def phone_key(number: str, region: str) -> str:
    """Return E.164 when the number is valid in the region or carries a +, else its digits."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", number)
    if phonenumbers.is_valid_number(parsed):
        return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return re.sub(r"\D", "", number)


def company_key(name: str) -> str:
    """Return the name without case, punctuation and legal forms at its ends."""
    found = words(name.replace("s.r.o.", "sro").replace("a.s.", "as").replace("S.A.", "sa"))
    while len(found) > 1 and found[-1] in LEGAL_FORMS:
        found.pop()
    while len(found) > 1 and found[0] in LEGAL_FORMS:
        found.pop(0)
    return " ".join(found)
