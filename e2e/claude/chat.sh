#!/usr/bin/env bash
# Claude Code's full-screen chat, typed through tmux.  chat.sh LAB-FOLDER
# shellcheck disable=SC1091,SC2154 # the lab is found at run time and sets LAB, W and the rest
. "$1/lab.sh"
lab claude "$@"
. "$(dirname "$0")/client.sh"
. "$LAB/tui.sh"

# say TEXT: types it and sends it.
say() {
    tui_mark "$1"
    tui_type "$1"
    tui_key Enter
}

# say_and_wait TEXT REGEX: until the screen shows the answer and the client has written it.
say_and_wait() {
    say "$1"
    tui_wait "$2" 25
    sleep 1.5
    tui_shot "${2%%|*}"
}

settle_in
tui_start "$BIN" --dangerously-skip-permissions
tui_wait 'bypass permissions on' 30
sleep 2
say_and_wait 'USE-SHELL TURN-1 is said before anything is recorded' FINAL-1
say_and_wait '::capture notes.md' ANSWER-CAPTURE

# Typed while a tool is about to run: taken up at the tool call.
say 'USE-SHELL SLOWLY TURN-3 takes its time'
sleep 0.7
say_and_wait 'TURN-4 is typed while the third works' 'FINAL-3|FINAL-4|ANSWER-4'
sleep 4
tui_shot queued-at-tool
# Typed while a plain answer streams: taken up after it.
say 'SLOWLY TURN-5 thinks'
sleep 0.7
say_and_wait 'TURN-6 is typed while the fifth thinks' ANSWER-6

say 'USE-SHELL SLOWLY TURN-7 is interrupted'
sleep 1.5
tui_key Escape
sleep 2
tui_shot interrupted
# An interrupted prompt comes back into the input line.
tui_key C-u
say_and_wait 'TURN-8 comes after the interruption' ANSWER-8

say '/compact'
sleep 6
tui_shot compacted
say_and_wait 'TURN-9 comes after compacting' ANSWER-9

tui_mark 'back to an earlier prompt'
tui_key Escape
sleep 0.2
tui_key Escape
sleep 1.5
tui_shot back
tui_key Up Enter
sleep 1.5
tui_shot back-chosen
tui_key Enter
sleep 1.5
tui_key C-u
say_and_wait 'TURN-10 comes after going back' ANSWER-10

say '/clear'
sleep 3
tui_shot cleared
say_and_wait 'TURN-11 is said in a new session' ANSWER-11
tui_quit /exit
