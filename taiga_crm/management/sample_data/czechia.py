"""Czech companies and people."""

from taiga_crm.management.sample_data.locale import Locale, latin

CZECHIA = Locale(
    country="CZ",
    currency="CZK",
    companies=40,
    forms=("{stem} {trade} s.r.o.", "{stem} {trade}, a.s.", "{stem} {trade}, spol. s r.o."),
    stems=latin(
        "Sázava Šumava Jizera Bečva Ohře Vysočina Pálava Orlice Krkonoš Říp Blaník Lužnice"
        " Otava Dyje Svratka Ještěd Brdy Třeboňka Kokořín Bílá_hora Zlatá_stezka Modrý_kámen"
        " Zelený_důl Dvořák_a_syn"
    ),
    trades={
        "Technology": ("Elektronika", "elektronika"),
        "Software": ("Software", "software"),
        "Manufacturing": ("Strojírny", "strojirny"),
        "Retail": ("Obchod", "obchod"),
        "Finance": ("Leasing", "leasing"),
        "Medical": ("Zdraví", "zdravi"),
        "Education": ("Vzdělávání", "vzdelavani"),
        "Energy": ("Energie", "energie"),
        "Construction": ("Stavby", "stavby"),
        "Transport": ("Logistika", "logistika"),
        "Hospitality": ("Lázně", "lazne"),
        "Telecommunications": ("Net", "net"),
        "Services": ("Servis", "servis"),
    },
    cities=(
        ("Praha", "110 00"), ("Praha", "140 00"), ("Brno", "602 00"), ("Ostrava", "702 00"),
        ("Plzeň", "301 00"), ("Liberec", "460 01"), ("Olomouc", "779 00"),
        ("České Budějovice", "370 01"), ("Hradec Králové", "500 02"), ("Zlín", "760 01"),
        ("Pardubice", "530 02"), ("Jihlava", "586 01"),
    ),
    streets=("Masarykova", "Nádražní", "Palackého", "Husova", "Školní", "Lidická", "Na Příkopě"),
    first_names=latin(
        "Jan Petr Tomáš Martin Ondřej Zdeněk Jiří Vojtěch Pavel Jakub"
    ),
    last_names=latin(
        "Novák Svoboda Dvořák Černý Procházka Kučera Veselý Horák Němec Pokorný Marek Hájek"
        " Jelínek Růžička Beneš"
    ),
    women=(
        latin("Lucie Eva Jana Kateřina Tereza Markéta Hana Alžběta Lenka Barbora"),
        latin(
            "Nováková Svobodová Dvořáková Černá Procházková Kučerová Veselá Horáková Pokorná"
            " Hájková Růžičková Benešová"
        ),
    ),
    titles=("vedení firmy", "vedoucí nákupu", "obchod", "vedoucí IT", "účetní", "provoz"),
    phone="+420 224 555 ###",
    mobile="+420 601 555 ###",
    revenue=(8_000_000, 9_000_000_000),
    registration="0#######",
    vat="CZ0#######",
)  # fmt: skip
