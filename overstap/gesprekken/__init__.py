"""What people write to each other about a leerling: the envelop and the drie vragen; mail, contacten and meldingen."""
