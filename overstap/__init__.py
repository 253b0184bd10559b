"""Overstap vo-mbo: the project itself. Wiring, plumbing and the pages per role."""
