"""Companies and people of Germany and Austria."""

from dataclasses import replace

from taiga_crm.management.sample_data.locale import Locale, latin

GERMANY = Locale(
    country="DE",
    currency="EUR",
    companies=38,
    forms=("{stem} {trade} GmbH", "{stem} {trade} AG", "{stem} {trade} GmbH & Co. KG"),
    stems=latin(
        "Brandt Lindner Kessler Hartwig Nordlicht Eichholz Sommerfeld Wiesengrund Falkenberg"
        " Rheintal Havelland Steinbach Albers Krämer_&_Söhne Müritz Sonnenhof Jäger Baumgart"
        " Lorenz Oderbruch Tannenhof Vogtland"
    ),
    trades={
        "Technology": ("Elektronik", "elektronik"),
        "Software": ("Software", "software"),
        "Manufacturing": ("Maschinenbau", "maschinenbau"),
        "Retail": ("Handel", "handel"),
        "Finance": ("Leasing", "leasing"),
        "Medical": ("Medizintechnik", "medizintechnik"),
        "Energy": ("Energietechnik", "energie"),
        "Construction": ("Bau", "bau"),
        "Transport": ("Logistik", "logistik"),
        "Education": ("Akademie", "akademie"),
        "Marketing": ("Werbung", "werbung"),
        "Services": ("Dienstleistungen", "dienste"),
    },
    cities=(
        ("Berlin", "10115"), ("Hamburg", "20095"), ("München", "80331"), ("Köln", "50667"),
        ("Stuttgart", "70173"), ("Leipzig", "04109"), ("Dresden", "01067"), ("Bremen", "28195"),
        ("Nürnberg", "90402"), ("Hannover", "30159"),
    ),
    streets=("Hauptstraße", "Bahnhofstraße", "Gartenweg", "Industriestraße", "Lindenallee"),
    first_names=latin(
        "Anna Lukas Julia Felix Katharina Jonas Sabine Matthias Claudia Stefan Ulrike Jürgen"
        " Heike Tobias"
    ),
    last_names=latin(
        "Schmidt Weber Wagner Becker Hoffmann Schäfer Koch Richter Klein Wolf Schröder Neumann"
        " Krüger Zimmermann"
    ),
    titles=(
        "Geschäftsführer", "Leiterin Einkauf", "Vertriebsleiter", "IT-Leiter", "Buchhalterin",
        "Assistenz der Geschäftsführung",
    ),
    phone="+49 30 23125 ###",
    mobile="+49 171 39200##",
    revenue=(900_000, 900_000_000),
    registration="HRB #####",
    vat="DE0########",
)  # fmt: skip

AUSTRIA = replace(
    GERMANY,
    country="AT",
    companies=8,
    forms=("{stem} {trade} GmbH", "{stem} {trade} KG"),
    stems=latin("Wachau Donautal Karwendel Hallstatt Waldviertel Semmering"),
    cities=(("Wien", "1010"), ("Graz", "8010"), ("Linz", "4020"), ("Salzburg", "5020")),
    streets=("Ringstraße", "Kirchengasse", "Bergweg", "Mozartgasse"),
    phone="+43 1 2345 ####",
    mobile="+43 664 555####",
    registration="FN 0#####a",
    vat="ATU0#######",
)
