"""The embedded host's app "epics": Taiga's label, model names, tables and columns."""
