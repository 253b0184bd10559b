"""Technical plumbing that knows no domain: clock, database walls, outbox, embedded services."""
