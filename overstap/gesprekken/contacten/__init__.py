"""/contacten: whom to reach at each organisatie, who has its three responsibilities, and whether the addresses still work."""
