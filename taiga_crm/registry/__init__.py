"""The vocabulary of declarations: what an entity is, as pure data."""
