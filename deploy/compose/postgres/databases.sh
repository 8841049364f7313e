#!/bin/sh
# Makes a database for each service with its two roles: an owner, who migrates it, and the service's own, who owns
# nothing. The image runs it once, when the data are made. Passwords come from a file, a line for each role as in a
# pgpass file (host:port:database:role:password); a role without one there gets none and cannot sign in.
set -eu
passwords=${ROLES_FILE:-/run/secrets/postgres-roles}

# psql's own variables quote what they hold: nothing of the file is read as SQL.
run() { psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" "$@"; }

password_of() { awk -F: -v role="$1" '$4 == role { print $5 }' "$passwords"; }

run --dbname postgres <<'SQL'
SET password_encryption = 'scram-sha-256';
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
SQL

for service in sampler findings reporting; do
  for role in "stickprov_$service" "stickprov_${service}_owner"; do
    password=$(password_of "$role")
    [ -n "$password" ] || { echo "$passwords has no line for $role; run make-secrets again" >&2; exit 1; }
    # On standard input and not as an argument, which others on the machine might read.
    {
      printf '\\set password %s\n' "$password"
      printf '%s\n' "SET password_encryption = 'scram-sha-256';" "CREATE ROLE :\"role\" LOGIN PASSWORD :'password';"
    } | run --dbname postgres --set "role=$role"
  done
  run --dbname postgres --set "database=stickprov_$service" --set "owner=stickprov_${service}_owner" <<'SQL'
CREATE DATABASE :"database" OWNER :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"owner";
SQL
  run --dbname postgres --set "database=stickprov_$service" --set "role=stickprov_$service" <<'SQL'
GRANT CONNECT ON DATABASE :"database" TO :"role";
SQL
  # Otherwise everybody who may enter could keep things in large objects, which no right of a table limits.
  run --dbname "stickprov_$service" <<'SQL'
REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC;
SQL
done
