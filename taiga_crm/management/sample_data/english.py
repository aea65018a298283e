"""Companies and people of the United States and the United Kingdom."""

from dataclasses import replace

from taiga_crm.management.sample_data.locale import Locale, latin

AMERICA = Locale(
    country="US",
    currency="USD",
    companies=52,
    forms=("{stem} {trade}, Inc.", "{stem} {trade} LLC", "{stem} {trade} Corp.", "{stem} {trade}"),
    stems=latin(
        "Cedar_Ridge Blue_Harbor Maple_Grove Red_Canyon Silver_Lake Northfield Bright_Mesa"
        " Copper_Creek Prairie_Wind Stonebridge Lakeshore Golden_Plains Eagle_Point Fairview"
        " Hickory_Hill Juniper Kingfisher Lone_Pine Mill_Creek Old_Orchard Pinewood Quarry_Road"
        " Riverbend Sagebrush Timberline Walnut_Street"
    ),
    trades={
        "Technology": ("Electronics", "electronics"),
        "Software": ("Software", "software"),
        "Telecommunications": ("Telecom", "telecom"),
        "Manufacturing": ("Manufacturing", "mfg"),
        "Retail": ("Stores", "stores"),
        "Finance": ("Capital", "capital"),
        "Medical": ("Medical", "medical"),
        "Education": ("Learning", "learning"),
        "Energy": ("Energy", "energy"),
        "Construction": ("Builders", "builders"),
        "Transport": ("Freight", "freight"),
        "Hospitality": ("Hotels", "hotels"),
        "Entertainment": ("Studios", "studios"),
        "Marketing": ("Media", "media"),
        "Employment": ("Staffing", "staffing"),
    },
    cities=(
        ("New York", "10001"), ("Chicago", "60601"), ("Austin", "78701"), ("Seattle", "98101"),
        ("Denver", "80202"), ("Boston", "02108"), ("Atlanta", "30303"), ("Portland", "97201"),
        ("Phoenix", "85004"), ("Columbus", "43215"), ("Raleigh", "27601"), ("Omaha", "68102"),
    ),
    streets=("Main Street", "Oak Avenue", "Market Street", "Park Road", "2nd Avenue", "Mill Lane"),
    first_names=latin(
        "Emily James Olivia Michael Sarah Daniel Jessica Robert Ashley Carlos Megan Anthony"
        " Rachel Kevin Priya Marcus"
    ),
    last_names=latin(
        "Johnson Miller Davis Garcia Wilson Anderson Taylor Thomas Moore Jackson Lee Nguyen"
        " Clark Lewis Patel Rivera"
    ),
    titles=(
        "Chief Executive Officer", "Head of Procurement", "Sales Director", "IT Manager",
        "Office Manager", "Controller", "Operations Lead", "Accounts Payable Clerk",
    ),
    phone="+1 212 555 01##",
    mobile="+1 312 555 01##",
    revenue=(800_000, 2_000_000_000),
    address="{number} {street}",
)  # fmt: skip

BRITAIN = replace(
    AMERICA,
    country="GB",
    currency="EUR",
    companies=12,
    forms=("{stem} {trade} Ltd", "{stem} {trade} plc"),
    stems=latin("Thornbury Ashdown Wychwood Kestrel Harrowgate Penrose Fernleigh Aldermoor"),
    cities=(
        ("London", "EC1A 1BB"), ("Manchester", "M1 1AE"), ("Leeds", "LS1 4AP"),
        ("Bristol", "BS1 5TR"), ("Edinburgh", "EH1 1YZ"),
    ),
    streets=("High Street", "Station Road", "Church Lane", "Victoria Road"),
    first_names=latin("Oliver Amelia Harry Isla George Freya Alfie Poppy"),
    last_names=latin("Smith Jones Evans Walker Wright Hughes Green Hall"),
    phone="+44 20 7946 0###",
    mobile="+44 7400 555###",
    revenue=(900_000, 600_000_000),
    registration="0#######",
)  # fmt: skip
