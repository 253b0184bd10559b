#!/bin/sh
# Writes PgBouncer's files from the environment and starts it. Transaction mode; only the two logins that serve.
set -eu
umask 077
map=/tmp/pgbouncer
mkdir -p "$map"
cat > "$map/gebruikers.txt" <<EINDE
"overstap_app" "$PGBOUNCER_APP"
"overstap_taken" "$PGBOUNCER_TAKEN"
EINDE
cat > "$map/pgbouncer.ini" <<EINDE
[databases]
overstap = host=postgres port=5432 dbname=overstap
[pgbouncer]
listen_addr = 0.0.0.0
listen_port = 6432
auth_type = scram-sha-256
auth_file = $map/gebruikers.txt
pool_mode = transaction
default_pool_size = 20
max_client_conn = 400
query_wait_timeout = 5
ignore_startup_parameters = extra_float_digits
EINDE
exec pgbouncer "$map/pgbouncer.ini"
