# Sourced after lab.sh: how a session is begun and gone on with, for every agent that resumes by itself.
# shellcheck shell=bash disable=SC1090,SC2154 # the lab and the scenarios share their variables
. "$(dirname "$0")/../$agent/client.sh"

begin() { # LABEL PROMPT
    case $agent in
        claude) step "$1" "$BIN" -p "$2" "${HEADLESS[@]}" ;;
        codex) step "$1" "$BIN" "${HEADLESS[@]}" "$2" ;;
        *) step "$1" "${BIN[@]}" -p "$2" ;;
    esac
}

go_on() { # LABEL PROMPT
    case $agent in
        claude) step "$1" "$BIN" -p "$2" --resume "$(cat "$H/session")" "${HEADLESS[@]}" ;;
        codex) step "$1" "$BIN" "${HEADLESS[@]}" resume "$(cat "$H/session")" "$2" ;;
        *) step "$1" "${BIN[@]}" "${RESUME[@]}" -p "$2" ;;
    esac
}

# Prints the session's file: the one in which the first turn was said.
session_file() {
    grep -rlE --include='*.jsonl' --include='*.json' 'TURN-1 ' "$H/.claude/projects" "$H/.codex/sessions" \
        "$H/.gemini/tmp" "$H/.copilot/session-state" 2>/dev/null | grep -v '/logs.json$' | head -n 1
}
