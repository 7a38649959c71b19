#!/bin/sh
# Packs x-login, installs it as others do, and runs a command: `sh test/with-package.sh npx vitest run test/package`.
# TEST_PACKAGE_ALONE is a folder with the package and nothing else, TEST_PACKAGE_FOLDER one with what the READMEs install
# beside it and Express, in the versions that package.json names.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
TEST_PACKAGE_ALONE=$folder/alone TEST_PACKAGE_FOLDER=$folder/vendor
export TEST_PACKAGE_ALONE TEST_PACKAGE_FOLDER

mkdir "$TEST_PACKAGE_ALONE" "$TEST_PACKAGE_FOLDER"
(cd "$folder" && npm pack "$root")
version() {
	node -p "\"$1@\" + require(\"$root/package.json\").devDependencies[\"$1\"]"
}
(cd "$TEST_PACKAGE_ALONE" && npm install ../x-login-*.tgz)
(cd "$TEST_PACKAGE_FOLDER" && npm install --save-dev ../x-login-*.tgz \
	"$(version esbuild)" "$(version libsql)" "$(version express)")
"$@"
