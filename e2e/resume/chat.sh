#!/usr/bin/env bash
# An agent's full-screen chat, typed through tmux; resumed in a second one.  chat.sh LAB-FOLDER AGENT
# shellcheck disable=SC1090,SC1091,SC2154 # the lab and the client are found at run time
. "$1/lab.sh"
agent=$2
lab "$agent" "$@"
. "$(dirname "$0")/../$agent/client.sh"
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
    sleep 2
    tui_shot "${2%%|*}"
}

# open_chat ARGUMENT...
open_chat() {
    tui_start "${BIN[@]}" "$@"
    [ "$agent" != copilot ] || { tui_wait 'Confirm folder trust' 15 && tui_key Enter; }
    tui_wait "$READY" 30
    sleep 5
}

leave_chat() {
    say "$QUIT"
    sleep 3
    "${T[@]}" kill-server 2>/dev/null
    sleep 1
}

open_chat
say_and_wait 'USE-SHELL TURN-1 is said before anything is recorded' FINAL-1
say_and_wait '::capture notes.md' ANSWER-CAPTURE
say 'USE-SHELL SLOWLY TURN-3 takes its time'
sleep 0.7
say_and_wait 'TURN-4 is typed while the third works' 'FINAL-4|ANSWER-4'
sleep 3
leave_chat
open_chat "${RESUME[@]}"
say_and_wait 'TURN-5 comes after a resume' ANSWER-5
say '/clear'
sleep 3
say_and_wait 'TURN-6 is said in a new session' ANSWER-6
python3 "$LAB/prompts.py" "$agent" "$H" >> "$H/prompts.jsonl"
leave_chat
