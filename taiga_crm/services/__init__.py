"""Business verbs: one function each, one transaction, lock, re-read, refuse, write, record."""
