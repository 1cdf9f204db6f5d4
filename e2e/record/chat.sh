#!/usr/bin/env bash
# A full-screen chat that records, stops, records again, exports and captures elsewhere; then it is resumed, forked where its
# agent can do that, and resumed again.  chat.sh LAB-FOLDER AGENT
# shellcheck disable=SC1090,SC1091,SC2154 # the lab and the client are found at run time
. "$1/lab.sh"
agent=$2
lab "$agent" "$@"
. "$(dirname "$0")/../$agent/client.sh"
. "$LAB/tui.sh"

# say TEXT [ANSWER]: types it, sends it, and waits until the screen shows the answer and the client has written it.
say() {
    tui_mark "$1"
    tui_type "$1"
    tui_key Enter
    if [ -n "${2:-}" ]; then tui_wait "$2" 30; else sleep 4; fi
    sleep 2
    tui_shot "${2:-again}"
}

open_chat() { # ARGUMENT...
    case $agent in
        claude) tui_start "$BIN" --dangerously-skip-permissions "$@" && tui_wait 'bypass permissions on' 30 ;;
        # Without --no-daemon a background server outlives the chat.
        codex) tui_start "$BIN" "$@" --no-daemon --no-alt-screen && tui_wait '› ' 30 ;;
        *) tui_start "${BIN[@]}" "$@" && tui_wait "$READY" 30 ;;
    esac
    sleep 4
}

leave_chat() {
    tui_mark leave
    case $agent in
        claude) tui_type /exit ;;
        *) tui_type /quit ;;
    esac
    tui_key Enter
    sleep 3
    tui_shot left
    "${T[@]}" kill-server 2>/dev/null
    sleep 1
}

resume_chat() {
    case $agent in
        claude) open_chat --resume "$session" ;;
        codex) open_chat resume "$session" ;;
        *) open_chat "${RESUME[@]}" ;;
    esac
}

# Prints the id of the session whose file holds the first turn.
session_id() {
    case $agent in
        claude) basename "$(grep -rl 'TURN-1 ' "$H/.claude/projects" --include='*.jsonl' | head -n 1)" .jsonl ;;
        codex) grep -rl 'TURN-1 ' "$H/.codex/sessions" | head -n 1 | grep -oE '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}' | head -n 1 ;;
        *) ;;
    esac
}

[ "$agent" != claude ] || settle_in
open_chat
say 'USE-SHELL TURN-1 is said before anything is recorded' FINAL-1
say '::init notes.md' ANSWER-INIT
say 'TURN-2 is said while the file is there and nothing is recorded' ANSWER-2
say '::record' ANSWER-RECORD
say 'USE-SHELL TURN-3 is recorded' FINAL-3
say '::stop' ANSWER-STOP
say 'TURN-4 is said while it is stopped' ANSWER-4
say '::record'
say 'TURN-5 is recorded again' ANSWER-5
say '::export whole.md' ANSWER-EXPORT
say 'TURN-6 comes after the export' ANSWER-6
say '::capture other.md' ANSWER-CAPTURE
say 'USE-SHELL TURN-7 goes to the other note' FINAL-7
leave_chat
session=$(session_id)
resume_chat
say 'TURN-8 comes after a resume' ANSWER-8
leave_chat
case $agent in
    claude) open_chat --resume "$session" --fork-session ;;
    codex) open_chat fork "$session" ;;
esac
case $agent in
    claude | codex)
        say 'TURN-9 is said in a fork that nobody records' ANSWER-9
        # The daemon has had its time: nothing of it is in a file of the parent's.
        cp "$W/other.md" "$H/other.when-forked.md"
        ls "$W" > "$H/files.when-forked"
        say '::init fork.md' ANSWER-INIT
        say '::record' ANSWER-RECORD
        say 'TURN-10 is recorded in the fork' ANSWER-10
        leave_chat
        resume_chat
        say 'TURN-11 comes after the fork, in its parent' ANSWER-11
        leave_chat
        ;;
esac
python3 "$LAB/prompts.py" "$agent" "$H" > "$H/prompts.jsonl"
