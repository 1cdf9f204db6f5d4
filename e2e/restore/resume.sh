#!/usr/bin/env bash
# The same session, after its file is back: resumed.  resume.sh LAB-FOLDER AGENT
# shellcheck disable=SC1091,SC2154 # the lab and the client are found at run time
. "$1/lab.sh"
agent=$2
lab "$agent" "$@"
. "$(dirname "$0")/client.sh"

rm -f "$OUT"/server/req-*.json
go_on resumed 'TURN-3 comes after the restore.'
# What the model was given: the turns of before are in it only if the client took the file up.
grep -l 'TURN-3 comes after' "$OUT"/server/req-*.json > "$H/asked" || true
xargs -r cat < "$H/asked" > "$H/given"
sleep 3
