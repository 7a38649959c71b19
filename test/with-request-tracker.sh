#!/bin/sh
# Runs a command with a Request Tracker that is started for it:
# `sh test/with-request-tracker.sh npx vitest run test/journeys/request-tracker`. Debian's packages of .ci/run must be
# installed. RT's database, and everything else that it writes, lies in TEST_RT_FOLDER. The tests start the Apache in
# front of it on TEST_RT_PORT, because its configuration holds what the helpdesk shows.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
recipe=$here/../src/helpdesk/openid/recipes/request-tracker
TEST_RT_FOLDER=$(mktemp -d)
TEST_RT_PASSWORD=$(od -An -N8 -tx8 /dev/urandom | tr -d " ")
pid=
end() {
	trap - EXIT INT TERM
	if [ -n "$pid" ]; then
		kill -TERM "$pid" 2>/dev/null && wait "$pid" || true
	fi
	rm -rf "$TEST_RT_FOLDER"
}
trap end EXIT
trap 'exit 1' INT TERM

# Two free ports at once, so that they differ.
ports=$(node -e '
const servers = [0, 0].map(() => require("net").createServer().listen(0, "127.0.0.1"));
setTimeout(() => {
	console.log(servers.map((server) => server.address().port).join(" "));
	for (const server of servers) server.close();
}, 100);
')
TEST_RT_PORT=${ports% *}
TEST_RT_SERVER=http://127.0.0.1:${ports#* }
export TEST_RT_FOLDER TEST_RT_PASSWORD TEST_RT_PORT TEST_RT_SERVER

# Apache's processes give up root's rights, and read here.
chmod 755 "$TEST_RT_FOLDER"
mkdir "$TEST_RT_FOLDER/mason" "$TEST_RT_FOLDER/sessions" "$TEST_RT_FOLDER/plugins" "$TEST_RT_FOLDER/no-config"
cp -R "$recipe/RT-Extension-XLogin" "$TEST_RT_FOLDER/plugins/"
cp "$here/fixtures/tls/cert.pem" "$TEST_RT_FOLDER/"
sed "s/rt\.example\.com'/localhost'/; s/443/$TEST_RT_PORT/; s#https://localhost'#https://localhost:$TEST_RT_PORT'#" "$recipe/rt.pm" |
	cat "$here/fixtures/request-tracker/RT_SiteConfig.pm" - >"$TEST_RT_FOLDER/RT_SiteConfig.pm"
export RT_SITE_CONFIG="$TEST_RT_FOLDER/RT_SiteConfig.pm" RT_SITE_CONFIG_DIR="$TEST_RT_FOLDER/no-config"

printf %s "$TEST_RT_PASSWORD" >"$TEST_RT_FOLDER/password"
log=$TEST_RT_FOLDER/rt.log
{
	rt-setup-database-5 --action init --root-password-file="$TEST_RT_FOLDER/password" &&
		rt-setup-database-5 --action insert --datafile "$here/fixtures/request-tracker/initialdata"
} >"$log" 2>&1 || {
	cat "$log" >&2
	echo "RT's database was not made; see above, and check that the packages of .ci/run are installed" >&2
	exit 1
}
/usr/share/request-tracker5/libexec/rt-server --host 127.0.0.1 --port "${ports#* }" --workers 3 >>"$log" 2>&1 &
pid=$!
for _ in $(seq 600); do
	if node -e 'fetch(process.env.TEST_RT_SERVER).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))'; then
		"$@"
		exit
	fi
	sleep 0.1
done
cat "$log" >&2
echo "Request Tracker did not start; see the log above" >&2
exit 1
