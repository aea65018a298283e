"""The generic engines. None of them names an entity; all of them read declarations."""
