"""The embedded host's app "projects": Taiga's label, model names, tables and columns."""
