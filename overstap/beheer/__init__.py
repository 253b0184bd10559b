"""Pages for who keeps the house: the log, and the accounts of the own organisatie."""
