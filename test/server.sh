#!/bin/sh
# Runs a PostgreSQL or a Redis for tests on loopback, in the foreground:
#   sh test/server.sh postgres|redis FOLDER PORT PASSWORD [TLSFOLDER]
# The data stay in the folder, so the same call after a kill is a restart. The user of PostgreSQL is helpdesk. With a folder
# that has cert.pem and key.pem, PostgreSQL offers TLS, and Redis speaks nothing else.
set -eu
engine=$1 folder=$2 port=$3 password=$4 tls=${5:-}

# PostgreSQL refuses to run as root, and Redis has no need to.
as() {
	user=$1
	shift
	if [ "$(id -u)" = 0 ]; then
		chown -R "$user" "$folder"
		exec setpriv --reuid="$user" --regid="$user" --init-groups "$@"
	fi
	exec "$@"
}

mkdir -p "$folder"
cd "$folder"
if [ -n "$tls" ]; then
	cp "$tls/cert.pem" "$tls/key.pem" .
	chmod 600 key.pem
fi
case $engine in
postgres)
	bin=$(dirname "$(ls /usr/lib/postgresql/*/bin/postgres 2>/dev/null | tail -n 1)")
	[ -x "$bin/initdb" ] || bin=$(dirname "$(command -v initdb)")
	if [ ! -e data/PG_VERSION ]; then
		printf '%s\n' "$password" >password
		(as postgres "$bin/initdb" --pgdata=data --username=helpdesk --pwfile=password \
			--auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync)
	fi
	# PostgreSQL looks for the files in its data folder.
	as postgres "$bin/postgres" -D data -p "$port" -c listen_addresses=127.0.0.1 \
		-c unix_socket_directories= -c max_connections=300 \
		${tls:+-c ssl=on -c ssl_cert_file=../cert.pem -c ssl_key_file=../key.pem}
	;;
redis)
	as redis redis-server --port "$port" --bind 127.0.0.1 --requirepass "$password" --dir "$folder" \
		--appendonly yes --appendfsync always --maxmemory-policy noeviction --save "" \
		${tls:+--port 0 --tls-port "$port" --tls-cert-file cert.pem --tls-key-file key.pem --tls-auth-clients no}
	;;
esac
