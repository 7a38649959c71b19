#!/bin/sh
# Installs X Login into a NodeBB: `sh test/nodebb/install.sh NODEBB_FOLDER`. Run it again after `./nodebb upgrade`, which
# removes what NodeBB does not know.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
if [ $# -ne 1 ] || [ ! -x "$1/nodebb" ] || [ ! -f "$1/config.json" ]; then
	echo "usage: sh test/nodebb/install.sh NODEBB_FOLDER" >&2
	echo "NODEBB_FOLDER is the folder of a NodeBB that is set up: it has the program nodebb and config.json." >&2
	exit 2
fi
nodebb=$(cd "$1" && pwd)
packed=$nodebb/x-login-packages
libsql=$(node -p "require(process.argv[1]).devDependencies.libsql" "$root/package.json")
url=$(node -p "require(process.argv[1]).url.replace(/\/$/, '')" "$nodebb/config.json")

cd "$nodebb"
rm -rf "$packed"
mkdir "$packed"
npm pack --pack-destination "$packed" "$root" "$root/test/nodebb/nodebb-plugin-x-login" >&2
npm install --omit=dev "$packed"/x-login-*.tgz "$packed"/nodebb-plugin-x-login-*.tgz "libsql@$libsql" >&2
./nodebb activate nodebb-plugin-x-login
./nodebb build tpl

cat <<TEXT

X Login is installed. Three steps are left:

1. In the settings of your app at X, enter this callback URL:
   $url/x-login/callback

2. In $nodebb/config.json, add the keys of the app:
   "x-login": { "apiKey": "...", "apiKeySecret": "..." }

3. Restart NodeBB: ./nodebb restart
TEXT
