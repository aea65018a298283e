"""Words that people write above columns, in several languages, by the field they mean."""

from __future__ import annotations

HEADERS: dict[str, tuple[str, ...]] = {
    # "ID" and "Record ID" are the numbers of the system that a file comes from, never ours
    "id": ("crm id", "crm no", "crm nr", "crm number", "číslo v crm", "crm nummer", "crm 번호"),
    "name": ("name", "název", "bezeichnung", "nom", "nombre", "이름", "명칭", "名前"),
    "name of a company": (
        "account", "account name", "company", "company name", "customer", "firm", "firma",
        "organization name", "organisation name", "business name", "název firmy", "zákazník",
        "kunde", "unternehmen", "entreprise", "회사", "회사명", "상호",
        "거래처", "거래처명", "고객사", "会社名",
    ),
    "name of a person": (
        "full name", "contact", "contact name", "person", "person name", "display name",
        "jméno a příjmení", "celé jméno", "성명", "담당자", "담당자명", "氏名",
    ),
    "first_name": (
        "first name", "firstname", "given name", "forename", "jméno", "křestní jméno", "vorname",
        "prénom", "nome", "이름", "名",
    ),
    "last_name": (
        "last name", "lastname", "surname", "family name", "příjmení", "nachname", "familienname",
        "nom", "cognome", "성", "姓",
    ),
    "type": ("type", "account type", "contact type", "typ", "유형", "계정 유형"),
    "organisation": ("organisation", "organization", "organizace", "조직"),
    "industry": ("industry", "sector", "branch", "branche", "obor", "odvětví", "업종", "산업"),
    "account": (
        "account", "account name", "company", "company name", "organisation", "organization",
        "organization name", "organisation name", "business name", "associated company",
        "customer", "employer", "firma", "společnost", "zákazník", "kunde", "unternehmen",
        "entreprise", "회사", "회사명", "거래처", "고객사", "소속",
    ),
    "account_manager": (
        "account manager", "manager", "owner", "account owner", "company owner",
        "sales representative", "sales rep", "sales agent",
        "obchodník", "správce", "betreuer", "kundenbetreuer", "담당자", "영업 담당자", "담당 영업",
    ),
    "emails": (
        "email", "e mail", "mail", "email address", "e mail address", "emails", "e mails",
        "mailadresse", "e mail adresse", "이메일", "메일", "이메일 주소", "メール",
    ),
    "phones": (
        "phone", "phone number", "telephone", "tel", "telefon", "phones", "mobile", "mobil",
        "cell phone", "mobile phone", "handy", "telefonnummer", "téléphone", "전화번호", "전화",
        "휴대폰", "휴대전화", "핸드폰", "電話",
    ),
    "website": (
        "website", "web", "web site", "web page", "url", "homepage", "domain", "domain name",
        "stránky", "webseite", "홈페이지",
        "웹사이트",
    ),
    "street": (
        "street", "address", "street address", "ulice", "adresa", "straße", "strasse",
        "adresse", "주소",
    ),
    "city": ("city", "town", "město", "stadt", "ort", "ville", "도시", "시"),
    "postal_code": (
        "postal code", "postcode", "zip", "zip code", "zip postal code", "billing code", "psč",
        "plz", "postleitzahl", "우편번호",
    ),
    "country": (
        "country", "country region", "office location", "location", "headquarters", "země",
        "stát", "land", "pays",
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
    "groups": ("groups", "group", "tags", "segment", "skupiny", "skupina", "gruppe", "그룹"),
    "projects": ("projects", "project", "projekty", "projekt", "projekte", "프로젝트"),
    "job_title": (
        "job title", "title", "position", "role", "function", "pozice", "funkce", "funktion",
        "직책", "직위", "직함",
    ),
    "department": ("department", "oddělení", "abteilung", "부서"),
    "messenger": ("messenger", "skype", "kakaotalk", "whatsapp", "teams", "메신저"),
    "description": (
        "description", "note", "notes", "popis", "poznámka", "beschreibung", "비고", "설명",
    ),
    "notes": ("notes", "note", "description", "remark", "poznámka", "notiz", "비고", "메모"),
}  # fmt: skip
TOTALS = frozenset(
    ["total", "totals", "grand total", "subtotal", "sub total", "sum", "summe", "gesamt",
     "gesamtsumme", "zwischensumme", "celkem", "součet", "suma", "somme", "totale", "합계", "총계",
     "소계", "총합계", "총합", "合計", "小計", "总计"]
)  # fmt: skip
REASONS = ("reason", "důvod", "grund", "사유", "이유")
CURRENCY_OF = ("currency", "měna", "währung", "통화")

CURRENCIES = frozenset(
    ["usd", "eur", "czk", "krw", "gbp", "jpy", "chf", "pln", "cny", "sek", "nok", "dkk", "huf"]
)
SCALES = {
    **dict.fromkeys(("million", "millions", "mio", "mil", "m", "백만", "백만원"), 1_000_000),
    **dict.fromkeys(("thousand", "thousands", "tsd", "tis", "k", "천", "천원"), 1_000),
}
# Address books and other CRMs write what a column belongs to before its name: "Billing City",
# "Organization Title", "Person - Email"
QUALIFIERS = frozenset(
    ["billing", "mailing", "business", "company", "organization", "organisation", "person",
     "contact", "primary", "main", "headquarters", "hq"]
)  # fmt: skip
FILLERS = frozenset({"in", "of"})

# What a column of numbers or addresses says about them, the most telling first: a fax at work
# is a fax. Words of alphabets without blanks are found inside others.
CHANNEL_TYPES: dict[str, tuple[str, ...]] = {
    "fax": ("fax", "telefax", "faxnummer", "faxnr", "facsimile", "팩스", "ファックス", "ファクス",
            "传真"),
    "mobile": (
        "mobile", "cell", "cellular", "cellphone", "mobil", "mobiltelefon", "mobilnummer",
        "mobilní", "handy", "handynummer", "gsm", "natel", "komórka", "portable", "móvil", "movil",
        "cellulare", "휴대폰", "휴대전화", "핸드폰", "모바일", "携帯", "手机",
    ),
    "home": (
        "home", "private", "privat", "privatní", "soukromý", "soukromá", "domů", "domácí",
        "personal", "privé", "domicile", "자택", "집", "개인", "自宅",
    ),
    "work": (
        "work", "business", "office", "company", "direct", "switchboard", "práce", "pracovní",
        "firemní", "kancelář", "geschäftlich", "dienstlich", "büro", "arbeit", "zentrale", "bureau",
        "travail", "직장", "회사", "사무실", "업무", "대표", "会社",
    ),
    "other": ("other", "ostatní", "jiný", "sonstige", "andere", "autre", "기타"),
}  # fmt: skip
NUMBER_WORDS = frozenset(
    [
        "",
        "number",
        "no",
        "nr",
        "num",
        "nummer",
        "číslo",
        "numéro",
        "번호",
        "番号",
        "tel",
        "phone",
        "telephone",
        "telefon",
        "전화",
        "전화번호",
    ]
)
TELLING_TYPES = ("fax", "mobile")  # no word for a number is needed beside these

# A published teaching data set gives revenue in million USD without saying so in the header:
# {all its headers: {header: (scale, currency)}}
UNITS_OF_FILES: dict[frozenset[str], dict[str, tuple[int, str]]] = {
    frozenset(
        (
            "account", "sector", "year established", "revenue", "employees", "office location",
            "subsidiary of",
        )
    ): {"revenue": (1_000_000, "USD")},
}  # fmt: skip
