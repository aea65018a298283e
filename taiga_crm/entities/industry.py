"""Industry: the field an account works in."""

from taiga_crm.entities.dictionary import dictionary
from taiga_crm.models import Industry

industry = dictionary("industry", "industries", Industry)
