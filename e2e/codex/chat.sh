#!/usr/bin/env bash
# A full-screen chat with Codex, typed through tmux.  chat.sh LAB-FOLDER
# shellcheck disable=SC1091,SC2154 # the lab is found at run time and sets LAB, W and the rest
. "$1/lab.sh"
lab codex "$@"
. "$(dirname "$0")/client.sh"
. "$LAB/tui.sh"

say() { # TEXT, EXPECTED ON THE SCREEN
    tui_type "$1"
    tui_key Enter
    [ -z "${2:-}" ] || tui_wait "$2" 30
    sleep 2
}

# Without it a background server outlives the chat.
tui_start "$BIN" --no-daemon --no-alt-screen
tui_wait '› ' 30
sleep 2
say 'USE-SHELL TURN-1 is said before anything is recorded' 'FINAL-1'
say "::capture $W/notes.md" 'ANSWER-CAPTURE'
tui_type 'USE-SHELL SLOWLY TURN-3 takes its time'
tui_key Enter
sleep 1
say 'TURN-4 is typed while the third works' 'ANSWER-4'
tui_type 'SLOWLY TURN-7 is interrupted'
tui_key Enter
sleep 1.5
tui_key Escape
sleep 3
tui_key C-u
say 'TURN-8 comes after the interruption' 'ANSWER-8'
say '/compact'
sleep 4
say 'TURN-9 comes after compacting' 'ANSWER-9'
tui_type '/new'
tui_key Enter
sleep 3
tui_key Enter
sleep 3
say 'TURN-11 belongs to another thread' 'ANSWER-11'
tui_quit /quit
