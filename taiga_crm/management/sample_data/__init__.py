"""Sample data: invented companies, people and links for the demo and for trying things out."""
