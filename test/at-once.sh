#!/bin/sh
# Runs commands at the same time: `sh test/at-once.sh "biome check ." tsc`. What each has written is printed when it has ended.
# Exits with 1 if any of them failed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
started=
for command; do
	log=$(mktemp "$folder/XXXXXX")
	sh -c "$command" >"$log" 2>&1 &
	started="$started $!:$log"
done
failed=0
for each in $started; do
	wait "${each%%:*}" || failed=1
	cat "${each#*:}"
done
exit "$failed"
