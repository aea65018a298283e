"""Contact type: employee, consultant, or what a team adds (F161)."""

from taiga_crm.entities.dictionary import dictionary
from taiga_crm.models import ContactType

contact_type = dictionary("contact_type", "contact-types", ContactType, "relation")
