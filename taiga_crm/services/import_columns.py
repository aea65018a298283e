"""What a column of somebody's file means: its header, in several languages, and its unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.kernel.text import words

HEADERS: dict[str, tuple[str, ...]] = {
    "name": (
        "name", "account", "account name", "company", "company name", "customer", "firm",
        "firma", "název", "název firmy", "zákazník", "kunde", "unternehmen", "entreprise",
        "회사", "회사명", "상호", "거래처", "거래처명", "고객사", "会社名",
    ),
    "type": ("type", "account type", "typ", "유형", "계정 유형"),
    "organisation": ("organisation", "organization", "organizace", "조직"),
    "industry": ("industry", "sector", "branch", "branche", "obor", "odvětví", "업종", "산업"),
    "emails": (
        "email", "e mail", "mail", "email address", "e mail address", "emails", "이메일", "메일",
    ),
    "phones": ("phone", "phone number", "telephone", "tel", "telefon", "phones", "전화번호"),
    "website": ("website", "web", "web site", "url", "homepage", "stránky", "홈페이지", "웹사이트"),
    "street": ("street", "address", "ulice", "adresa", "straße", "strasse", "adresse", "주소"),
    "city": ("city", "town", "město", "stadt", "ort", "ville", "도시", "시"),
    "postal_code": ("postal code", "postcode", "zip", "zip code", "psč", "plz", "우편번호"),
    "country": (
        "country", "office location", "location", "headquarters", "země", "stát", "land", "pays",
        "국가", "나라",
    ),
    "registration_number": (
        "registration number", "company number", "company id", "ič", "ičo", "사업자등록번호",
        "사업자번호",
    ),
    "vat_number": ("vat", "vat number", "vat id", "tax id", "dič", "ust id", "ust idnr"),
    "employees": (
        "employees", "number of employees", "headcount", "zaměstnanci", "mitarbeiter", "직원 수",
        "직원수", "종업원수",
    ),
    "annual_revenue": (
        "revenue", "annual revenue", "turnover", "sales", "obrat", "tržby", "umsatz", "매출",
        "매출액", "연매출",
    ),
    "founded_year": (
        "founded", "founded year", "year founded", "year established", "established", "založeno",
        "gegründet", "설립연도", "설립년도",
    ),
    "parent": (
        "parent", "parent account", "parent company", "subsidiary of", "mateřská společnost",
        "muttergesellschaft", "모회사", "상위 계정",
    ),
    "description": ("description", "note", "notes", "popis", "poznámka", "비고", "설명"),
}  # fmt: skip
FIELD_OF = {header: field for field, headers in HEADERS.items() for header in headers}

CURRENCIES = frozenset(
    ["usd", "eur", "czk", "krw", "gbp", "jpy", "chf", "pln", "cny", "sek", "nok", "dkk", "huf"]
)
SCALES = {
    **dict.fromkeys(("million", "millions", "mio", "mil", "m", "백만", "백만원"), 1_000_000),
    **dict.fromkeys(("thousand", "thousands", "tsd", "tis", "k", "천", "천원"), 1_000),
}
FILLERS = frozenset({"in", "of"})

# A published teaching data set gives revenue in million USD without saying so in the header.
MAVEN = frozenset(
    (
        "account", "sector", "year established", "revenue", "employees", "office location",
        "subsidiary of",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column that is taken: its place, its field, and the unit of amounts in it."""

    position: int
    header: str
    field: str
    scale: int = 1
    currency: str = ""


def columns_of(header: Iterable[str]) -> tuple[list[Column], list[str]]:
    """Return the columns to take and the headers left aside; InvalidInput without a name."""
    texts = list(header)
    is_maven = frozenset(" ".join(words(text)) for text in texts) == MAVEN
    taken: dict[str, Column] = {}
    ignored: list[str] = []
    for position, text in enumerate(texts):
        column = _column(position, text, is_maven=is_maven)
        if column is None or column.field in taken:
            ignored.append(text)
        else:
            taken[column.field] = column
    if "name" not in taken:
        wanted = ", ".join(HEADERS["name"][:4])
        raise InvalidInput({"file": [_("No column holds the name: %s.") % wanted]})
    return list(taken.values()), [text for text in ignored if text]


def _column(position: int, text: str, *, is_maven: bool) -> Column | None:
    found = words(text)
    field = FIELD_OF.get(" ".join(found))
    if field is not None:
        in_millions = is_maven and field == "annual_revenue"
        return Column(
            position, text, field, 1_000_000 if in_millions else 1, "USD" if in_millions else ""
        )
    plain = [w for w in found if w not in SCALES and w not in CURRENCIES and w not in FILLERS]
    if FIELD_OF.get(" ".join(plain)) != "annual_revenue":
        return None
    scale = next((SCALES[word] for word in found if word in SCALES), 1)
    currency = next((word.upper() for word in found if word in CURRENCIES), "")
    return Column(position, text, "annual_revenue", scale, currency)
