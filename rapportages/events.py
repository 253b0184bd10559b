"""What rapportages tell the rest of the house, through the outbox."""

# inhoud: {"export": uuid}
EXPORT_GEVRAAGD = "rapportages.export_gevraagd"
