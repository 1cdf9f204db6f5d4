#!/usr/bin/env bash
# Codex without a screen: a recording that is continued, resumed and forked.  ask.sh LAB-FOLDER
# shellcheck disable=SC1091,SC2154 # the lab is found at run time and sets LAB, W and the rest
. "$1/lab.sh"
lab codex "$@"
. "$(dirname "$0")/client.sh"

step first "$BIN" "${HEADLESS[@]}" $'USE-SHELL TURN-1 Run echo hello and tell what it printed.\n\n::capture '"$W/notes.md"
session=$(last_session)
echo "$session" > "$H/session"
# In the middle of a message it is text.
step continued "$BIN" "${HEADLESS[@]}" resume --last $'TURN-2 goes on.\n::capture '"$W"$'/middle.md\nand ends with text.'
step resumed "$BIN" "${HEADLESS[@]}" resume "$session" \
    $'TURN-3 is resumed and shows a file:\n```\n::capture '"$W"$'/fenced.md\n```'
step forked "$BIN" "${HEADLESS[@]}" fork "$session" 'TURN-4 happens in a fork.'
# Nobody allowed that folder, yet.
step elsewhere "$BIN" "${HEADLESS[@]}" $'TURN-5 wants to write elsewhere.\n::capture '"$(dirname "$W")/elsewhere/late.md"
step again "$BIN" "${HEADLESS[@]}" resume "$session" 'TURN-6 goes on after the fork.'
