"""The embedded host's app "issues": Taiga's label, model names, tables and columns."""
