"""The outside world, played: LAS, SIS, koppelpunt and the systems of gemeenten and schools, over HTTP against a running Overstap.

For a sandbox and for tests. It knows the contract only as an outsider would: messages are made by hand (`berichten`), what
must come of them is said by an oracle of its own (`orakel`, from vva.md), and the two are compared (`verslag`). The one thing
that it does in the database is what `maak_systeem` does too: API clients with their mandaten (`partijen`).

`verloop.speel` is a whole run; `manage.py simuleer_keten` prints its report.
"""
