"""The embedded host's app "external_apps": Taiga's label, model names, tables and columns."""
