"""The embedded host's app "userstories": Taiga's label, model names, tables and columns."""
