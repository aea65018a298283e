"""Decide who may do what: one rule, one queryset, for every surface."""
