"""People, projects and tickets for the demo."""
