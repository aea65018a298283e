"""Keys for comparing what people type: search words, e-mails, phones, company names."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from functools import lru_cache

import phonenumbers

WORD_BREAK = re.compile(r"[^\w]+|_", re.UNICODE)
MAX_WORDS = 12
FORMS = """
    inc incorporated ltd limited llc llp lp corp corporation co company plc pty
    gmbh mbh ag kg ohg ug se sro spol as vos ks spzoo kft
    spa srl sa sas sarl sl bv nv oy oyj ab aps kk
    주식회사 주 유한회사 株式会社 有限会社 有限公司
"""
LEGAL_FORMS = frozenset(FORMS.split())
ATTACHED_FORMS = ("주식회사", "유한회사", "株式会社", "有限会社", "有限公司")
LONGEST_DOTTED_FORM = 4


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


@lru_cache(maxsize=10_000)
def email_key(address: str) -> str:
    """Return trim + NFKC + lower case with an IDNA domain; dots and +tags stay."""
    local, _, domain = folded(address).rpartition("@")
    with suppress(UnicodeError):  # an undecodable domain is compared as it was typed
        domain = domain.encode("idna").decode("ascii")
    return f"{local}@{domain}"


@lru_cache(maxsize=10_000)
def phone_key(number: str, region: str) -> str:
    """Return E.164 when the number is valid in the region or carries a +, else its digits."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", number)
    if phonenumbers.is_valid_number(parsed):
        return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return re.sub(r"\D", "", number)


@lru_cache(maxsize=10_000)
def company_key(name: str) -> str:
    """Return the name without case, punctuation and legal forms at its ends.

    "s. r. o." and "L.L.C." are forms too, and Korean, Japanese and Chinese forms need no blank.
    """
    found = [word for word in WORD_BREAK.split(folded(name)) if word]
    while len(found) > 1 and (size := _form_at_end(found)):
        del found[-size:]
    while len(found) > 1 and found[0] in LEGAL_FORMS:
        found.pop(0)
    return _without_attached_form(" ".join(found))


@lru_cache(maxsize=10_000)
def person_key(name: str) -> str:
    """Return the words of a name in a fixed order: family names stand first or last."""
    return " ".join(sorted(word for word in WORD_BREAK.split(folded(name)) if word))


def number_key(number: str) -> str:
    """Return the letters and digits of a number of a register, without blanks and dashes."""
    return "".join(letter for letter in folded(number) if letter.isalnum())


def _form_at_end(found: list[str]) -> int:
    """Return how many of the last words are one legal form, dotted ones included; 0 for none."""
    for size in range(min(LONGEST_DOTTED_FORM, len(found) - 1), 1, -1):
        last = found[-size:]
        if "".join(last) in LEGAL_FORMS and all(len(word) <= 2 for word in last):
            return size
    return 1 if found[-1] in LEGAL_FORMS else 0


def _without_attached_form(name: str) -> str:
    for form in ATTACHED_FORMS:
        name = name.removeprefix(form).removesuffix(form).strip() or name
    return name
