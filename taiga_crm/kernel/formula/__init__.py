"""Formulas: a small safe language over the fields of one record."""
