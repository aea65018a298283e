"""The embedded host's app "users": Taiga's label, model names, tables and columns."""
