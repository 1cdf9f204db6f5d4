#!/bin/sh
# The first session that README.md shows: plays an agent that writes a session file, in a temporary home, and prints what
# Kept says and writes. Needs a built Kept; stops its daemon and removes the home at the end.
set -eu
kept=$(cd "$(dirname "$0")/.." && pwd)/kept
HOME=$(mktemp -d)
KEPT_REBUILD=no
export HOME KEPT_REBUILD
unset KEPT_HOME CLAUDE_CONFIG_DIR
trap '"$kept" stop >/dev/null 2>&1 || true; rm -rf "$HOME"' EXIT

work=$HOME/work/shop
session=7d3f1c52-9a4e-4b60-8c11-5e0a2f6b9d34
folder=$HOME/.claude/projects/$(printf %s "$work" | tr -c 'A-Za-z0-9' -)
mkdir -p "$work" "$folder"
parent=null
number=0

# One record of the agent's: its type, then the members that only it has.
record() {
    number=$((number + 1))
    uuid=$(printf '00000000-0000-4000-8000-%012d' "$number")
    printf '{"parentUuid":%s,"isSidechain":false,"userType":"external","cwd":"%s","sessionId":"%s","version":"2.1.330","gitBranch":"main","entrypoint":"cli","type":"%s","uuid":"%s","timestamp":"%s",%s}\n' \
        "$parent" "$work" "$session" "$1" "$uuid" "$(date -u +%Y-%m-%dT%H:%M:%S.000Z)" "$2" >>"$folder/$session.jsonl"
    parent=\"$uuid\"
}

prompt() {
    record user '"message":{"role":"user","content":"'"$1"'"},"origin":{"kind":"human"},"promptSource":"typed"'
}

answer() {
    record assistant '"message":{"id":"msg_'"$1"'","type":"message","role":"assistant","model":"claude-example","content":['"$2"'],"usage":{"input_tokens":12,"output_tokens":40}}'
}

result() {
    record user '"message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"'"$1"'","content":"'"$2"'"}]}'
}

show() {
    echo "\$ $1"
    shift
    "$@" 2>&1 | sed "s|$HOME|~|g"
    echo
}

# A conversation that began before Kept did.
prompt 'Where does the shop decide how long a login lasts?'
answer 1 '{"type":"text","text":"I will look for it."}'
answer 1 '{"type":"tool_use","id":"toolu_1","name":"Bash","input":{"command":"grep -rn maxAge src","description":"Find the session lifetime"}}'
result toolu_1 'src/auth/session.ts:12:  maxAge: 30 * 24 * HOUR,\nsrc/auth/session.ts:40:  cookie.maxAge = options.maxAge'
answer 2 '{"type":"text","text":"In `src/auth/session.ts`, line 12: a login lasts **30 days**, whether or not it is used."}'

show './kept start --allow ~/work/shop' "$kept" start --allow "$work"
sleep 2
prompt 'Make it 12 hours, and renew it while it is used.\n\n::capture notes/auth.md'
sleep 1
answer 3 '{"type":"tool_use","id":"toolu_2","name":"Edit","input":{"file_path":"src/auth/session.ts","old_string":"maxAge: 30 * 24 * HOUR,","new_string":"maxAge: 12 * HOUR,\n  rolling: true,"}}'
result toolu_2 'The file src/auth/session.ts has been updated.'
answer 4 '{"type":"text","text":"Done: 12 hours, and each request renews it."}'
sleep 6
show './kept status' "$kept" status
show 'cat ~/work/shop/notes/auth.md' cat "$work/notes/auth.md"
prompt '::stop'
sleep 2
show './kept stop' "$kept" stop
