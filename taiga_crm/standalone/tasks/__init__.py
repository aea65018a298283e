"""The embedded host's app "tasks": Taiga's label, model names, tables and columns."""
