#!/usr/bin/env bash
# Claude Code without a screen: a recording that is continued, resumed and forked.  ask.sh LAB-FOLDER
# shellcheck disable=SC1091,SC2154 # the lab is found at run time and sets LAB, W and the rest
. "$1/lab.sh"
lab claude "$@"
. "$(dirname "$0")/client.sh"

step first "$BIN" -p $'USE-SHELL TURN-1 Run echo hello and tell what it printed.\n\n::capture '"$W/notes.md" "${HEADLESS[@]}"
session=$(last_session)
# In the middle of a message it is text.
step continued "$BIN" -p $'TURN-2 goes on.\n::capture '"$W"$'/middle.md\nand ends with text.' --continue "${HEADLESS[@]}"
step resumed "$BIN" -p $'TURN-3 is resumed and shows a file:\n```\n::capture '"$W"$'/fenced.md\n```' \
    --resume "$session" "${HEADLESS[@]}"
step forked "$BIN" -p 'TURN-4 happens in a fork.' --resume "$session" --fork-session "${HEADLESS[@]}"
# Nobody allowed that folder, yet.
step elsewhere "$BIN" -p $'TURN-5 wants to write elsewhere.\n::capture '"$(dirname "$W")/elsewhere/late.md" "${HEADLESS[@]}"
step again "$BIN" -p 'TURN-6 goes on after the fork.' --resume "$session" "${HEADLESS[@]}"
