#!/bin/sh
# Makes the secrets that docker-compose.yml asks for, each drawn anew: npm run secrets
# Never overwrites: with another encryption key, the webhooks' secrets in the database could not be read any more.
#   sh deploy/compose/make-env.sh [FILE]        FILE: .env
set -eu

file=${1:-.env}
if [ -e "$file" ]; then
  echo "make-env.sh: $file exists already and stays as it is" >&2
  exit 1
fi

hex() { od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }
base64_of() { head -c "$1" /dev/urandom | base64 | tr -d '\n'; }

umask 077
cat > "$file" <<END
# Made by deploy/compose/make-env.sh. Keep SECURITY_ENCRYPTION_KEY: nothing else opens the webhooks' secrets.
COMPOSE_PROFILES=extras
POSTGRES_PASSWORD=$(hex 24)
REDIS_PASSWORD=$(hex 24)
SECURITY_JWT_SECRET=$(hex 48)
SECURITY_ENCRYPTION_KEY=$(base64_of 32)
SECURITY_ADMIN_PASSWORD=$(hex 16)
GRAFANA_ADMIN_PASSWORD=$(hex 16)
END
echo "$file holds the secrets now. SECURITY_ADMIN_PASSWORD is the password of the user admin."
