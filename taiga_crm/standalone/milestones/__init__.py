"""The embedded host's app "milestones": Taiga's label, model names, tables and columns."""
