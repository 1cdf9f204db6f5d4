#!/usr/bin/env bash
# The thread of ask.sh: archived; or brought back, and gone on with.  archive.sh LAB-FOLDER archive|unarchive
# shellcheck disable=SC1091,SC2154 # the lab is found at run time and sets LAB, W and the rest
. "$1/lab.sh"
lab codex "$@"
. "$(dirname "$0")/client.sh"

session=$(cat "$H/session")
step "$2" "$BIN" "$2" "$session"
[ "$2" = archive ] || step brought-back "$BIN" "${HEADLESS[@]}" resume "$session" 'TURN-7 comes after the archive.'
