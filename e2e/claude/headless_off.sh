#!/usr/bin/env bash
# The same first prompt, for a Kept that does not take orders from headless prompts.  headless_off.sh LAB-FOLDER
# shellcheck disable=SC1091,SC2154 # the lab is found at run time and sets LAB, W and the rest
. "$1/lab.sh"
lab claude "$@"
. "$(dirname "$0")/client.sh"

step first "$BIN" -p $'USE-SHELL TURN-1 Run echo hello.\n\n::capture '"$W/notes.md" "${HEADLESS[@]}"
