#!/bin/sh
# Runs a command with a PostgreSQL and a Redis that are started for it: `sh test/with-servers.sh npm test`. Their URLs
# are in TEST_POSTGRES_URL and TEST_REDIS_URL. Both servers must be installed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
chmod 755 "$folder"
password="p@ss-$(od -An -N8 -tx8 /dev/urandom | tr -d " ")"
encoded=$(printf %s "$password" | sed "s/@/%40/")
pids=
end() {
	trap - EXIT INT TERM
	for pid in $pids; do
		kill -INT "$pid" 2>/dev/null && wait "$pid" || true
	done
	rm -rf "$folder"
}
trap end EXIT
trap 'exit 1' INT TERM

free_port() {
	node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}
start() {
	sh "$here/server.sh" "$1" "$folder/$1" "$2" "$password" >"$folder/$1.log" 2>&1 &
	pids="$pids $!"
}
# Waits until a server's log says that it is ready.
await() {
	for _ in $(seq 300); do
		grep -q "$2" "$folder/$1.log" && return
		sleep 0.1
	done
	cat "$folder/$1.log" >&2
	echo "$1 did not start; see the log above, and check that PostgreSQL and Redis are installed" >&2
	exit 1
}

postgres_port=$(free_port)
redis_port=$(free_port)
start postgres "$postgres_port"
start redis "$redis_port"
await postgres "database system is ready to accept connections"
await redis "Ready to accept connections"
export TEST_POSTGRES_URL="postgres://helpdesk:$encoded@127.0.0.1:$postgres_port/postgres"
export TEST_REDIS_URL="redis://:$encoded@127.0.0.1:$redis_port/0"
"$@"
