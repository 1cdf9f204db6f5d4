#!/usr/bin/env bash
# Two turns of a session, whose file goes away then: Gemini deletes it itself, as it does with a session that was resumed in
# a later minute; of the others a person does.  lose.sh LAB-FOLDER AGENT
# shellcheck disable=SC1091,SC2154 # the lab and the client are found at run time
. "$1/lab.sh"
agent=$2
lab "$agent" "$@"
. "$(dirname "$0")/client.sh"

begin first 'USE-SHELL TURN-1 runs echo hello.'
[ "$agent" = gemini ] || [ "$agent" = copilot ] || last_session > "$H/session"
[ "$agent" != gemini ] || sleep $((62 - 10#$(date +%S)))
go_on second 'TURN-2 goes on.'
file=$(session_file)
echo "$file" > "$H/lost.path"
# The daemon reads beside it.
sleep 3
cp "$file" "$H/lost.bytes"
if [ "$agent" = gemini ]; then
    step list "${BIN[@]}" --list-sessions
    sleep 1
    [ ! -e "$file" ] || echo 'e2e: this Gemini did not delete its session'
fi
rm -f "$file"
sleep 3
