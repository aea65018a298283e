"""The embedded host: the part of Taiga that the CRM uses, small enough to run anywhere."""
