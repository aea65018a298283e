"""The ground floor: errors, money, clock and text keys, free of Django models and CRM nouns."""
