#!/usr/bin/env bash
# The same first prompt, for a Kept that does not take orders from headless prompts.  first.sh LAB-FOLDER AGENT
# shellcheck disable=SC1090,SC1091,SC2154 # the lab and the client are found at run time
. "$1/lab.sh"
lab "$2" "$@"
. "$(dirname "$0")/../$2/client.sh"

step first "${BIN[@]}" -p $'USE-SHELL TURN-1 Run echo hello.\n\n::capture '"$W/notes.md"
