"""Purpose of consents: newsletter, reference, calls …"""

from taiga_crm.entities.dictionary import dictionary
from taiga_crm.models import ConsentPurpose

consent_purpose = dictionary("consent_purpose", "consent-purposes", ConsentPurpose, "wording")
