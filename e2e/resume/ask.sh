#!/usr/bin/env bash
# An agent without a screen: a recording that is continued and resumed, then a new session.  ask.sh LAB-FOLDER AGENT
# shellcheck disable=SC1090,SC1091,SC2154 # the lab and the client are found at run time
. "$1/lab.sh"
agent=$2
lab "$agent" "$@"
. "$(dirname "$0")/../$agent/client.sh"

# What people said and what the files hold, before the agent deletes any.
note_down() {
    python3 "$LAB/prompts.py" "$agent" "$H" >> "$H/prompts.jsonl"
    mkdir -p "$H/copies"
    cp -r "$SESSIONS" "$H/copies/$STEP"
}

step first "${BIN[@]}" -p $'USE-SHELL TURN-1 Run echo hello and tell what it printed.\n\n::capture '"$W/notes.md"
note_down
# In the middle of a message it is text.
step continued "${BIN[@]}" "${RESUME[@]}" -p $'TURN-2 goes on.\n::capture '"$W"$'/middle.md\nand ends with text.'
note_down
wait_for_a_later_minute
step resumed "${BIN[@]}" "${RESUME[@]}" -p $'TURN-3 is resumed and shows a file:\n```\n::capture '"$W"$'/fenced.md\n```'
note_down
step new "${BIN[@]}" -p 'TURN-4 is a new session.'
note_down
