"""Customer relations as a Django app inside Taiga, or on its own."""

__version__ = "0.1.0"
