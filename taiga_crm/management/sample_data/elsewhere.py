"""A few companies and people of other European countries."""

from taiga_crm.management.sample_data.locale import Locale, latin

FRANCE = Locale(
    country="FR",
    currency="EUR",
    companies=12,
    forms=("{trade} {stem} SARL", "{trade} {stem} SAS", "{trade} {stem} S.A."),
    stems=latin("Beaumont Delacourt Montclair Saint-Aubin Vauclair Rochefort Lavigne Marchand"),
    trades={
        "Manufacturing": ("Ateliers", "ateliers"),
        "Software": ("Logiciels", "logiciels"),
        "Transport": ("Transports", "transports"),
        "Hospitality": ("Hôtels", "hotels"),
        "Construction": ("Bâtiment", "batiment"),
        "Retail": ("Comptoir", "comptoir"),
    },
    cities=(("Paris", "75001"), ("Lyon", "69002"), ("Nantes", "44000"), ("Lille", "59000")),
    streets=("Rue de la Gare", "Avenue Victor Hugo", "Rue des Lilas", "Place du Marché"),
    first_names=latin("Camille Hugo Léa Antoine Chloé Mathieu Inès François"),
    last_names=latin("Martin Bernard Dubois Petit Moreau Lefèvre Girard Fournier"),
    titles=("Directeur général", "Responsable des achats", "Directrice commerciale", "Comptable"),
    phone="+33 1 99 00 ## ##",
    mobile="+33 6 12 55 ## ##",
    revenue=(700_000, 400_000_000),
    address="{number} {street}",
)

POLAND = Locale(
    country="PL",
    currency="EUR",
    companies=8,
    forms=("{stem} {trade} Sp. z o.o.", "{stem} {trade} S.A."),
    stems=latin("Wisła Tatry Mazury Bieszczady Kujawy Roztocze"),
    trades={
        "Software": ("Software", "software"),
        "Manufacturing": ("Maszyny", "maszyny"),
        "Transport": ("Spedycja", "spedycja"),
        "Construction": ("Budowa", "budowa"),
    },
    cities=(("Warszawa", "00-001"), ("Kraków", "31-042"), ("Gdańsk", "80-831")),
    streets=("ul. Długa", "ul. Polna", "ul. Kolejowa"),
    first_names=latin("Piotr Paweł Łukasz Tomasz Marcin"),
    last_names=latin("Kowalski Wiśniewski Wójcik Mazur Krawczyk Zając"),
    women=(
        latin("Agnieszka Magdalena Zofia Katarzyna Ewa"),
        latin("Kowalska Wiśniewska Wójcik Mazur Krawczyk Zając"),
    ),
    titles=("Prezes", "Zakupy", "Dyrektor sprzedaży", "Księgowość"),
    phone="+48 22 555 ## ##",
    mobile="+48 512 555 ###",
    revenue=(600_000, 200_000_000),
)

SPAIN = Locale(
    country="ES",
    currency="EUR",
    companies=6,
    forms=("{trade} {stem} S.L.", "{trade} {stem} S.A."),
    stems=latin("Sierra_Alta Costa_Clara Río_Verde Monteluz Almenara"),
    trades={
        "Energy": ("Energía", "energia"),
        "Retail": ("Mercados", "mercados"),
        "Construction": ("Obras", "obras"),
        "Hospitality": ("Hoteles", "hoteles"),
    },
    cities=(("Madrid", "28013"), ("Barcelona", "08002"), ("Valencia", "46002")),
    streets=("Calle Mayor", "Avenida del Puerto", "Calle del Sol"),
    first_names=latin("Lucía Javier Carmen Álvaro Marta Sergio"),
    last_names=latin("González Ruiz Navarro Ortega Molina Iglesias"),
    titles=("Gerente", "Jefa de compras", "Director comercial"),
    phone="+34 912 55 ## ##",
    mobile="+34 612 55 ## ##",
    revenue=(500_000, 150_000_000),
)

ITALY = Locale(
    country="IT",
    currency="EUR",
    companies=5,
    forms=("{trade} {stem} S.r.l.", "{trade} {stem} S.p.A."),
    stems=latin("Moretti Valdoro Montebello Castelnuovo"),
    trades={
        "Manufacturing": ("Officine", "officine"),
        "Retail": ("Mercato", "mercato"),
        "Transport": ("Trasporti", "trasporti"),
    },
    cities=(("Milano", "20121"), ("Torino", "10121"), ("Bologna", "40121")),
    streets=("Via Roma", "Via Garibaldi", "Corso Italia"),
    first_names=latin("Giulia Marco Francesca Alessandro Elena Davide"),
    last_names=latin("Rossi Ferrari Esposito Colombo Ricci Greco"),
    titles=("Amministratore", "Responsabile acquisti", "Direttore vendite"),
    phone="+39 02 5555 ####",
    mobile="+39 312 555####",
    revenue=(500_000, 150_000_000),
)

NETHERLANDS = Locale(
    country="NL",
    currency="EUR",
    companies=5,
    forms=("{stem} {trade} B.V.", "{stem} {trade} N.V."),
    stems=latin("Waterland Van_der_Linden Oosterhof Zeewind"),
    trades={
        "Construction": ("Bouw", "bouw"),
        "Software": ("Software", "software"),
        "Transport": ("Transport", "transport"),
    },
    cities=(("Amsterdam", "1012 AB"), ("Utrecht", "3511 AA"), ("Rotterdam", "3011 AD")),
    streets=("Dorpsstraat", "Stationsweg", "Kerkstraat"),
    first_names=latin("Sanne Daan Lotte Bram Femke Ruben"),
    last_names=latin("de_Vries Jansen Bakker Visser Smit Mulder"),
    titles=("Directeur", "Inkoper", "Verkoopleider"),
    phone="+31 20 555 ####",
    mobile="+31 6 5555####",
    revenue=(500_000, 200_000_000),
)
