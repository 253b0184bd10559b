"""Meldingen: "status klopt niet" at a leerling, a knelpunt without one, and the answer that reaches who reported it."""
