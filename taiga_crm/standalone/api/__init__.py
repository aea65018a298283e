"""Taiga's HTTP API, as far as the standalone shell and the tests use it."""
