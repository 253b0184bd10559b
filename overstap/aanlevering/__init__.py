"""Files from LAS and SIS, and one leerling by hand: a reader per kind, one dataclass, then ``statuses.actions``."""
