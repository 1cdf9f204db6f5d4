#!/usr/bin/env bash
# Drives a real agent, offline, with Kept's daemon beside it, and checks what Kept made of it.
#
#   e2e/run.sh [--install] [--clients DIR] [--keep] claude [ask|headless-off|chat|chat-killed|record|authored|restore]...
#   e2e/run.sh [--install] [--clients DIR] [--keep] codex [ask|chat|record|authored|restore]...
#   e2e/run.sh [--install] [--clients DIR] [--keep] gemini|copilot [ask|headless-off|chat|record|restore]...
#
# --install        install the client from the npm registry first (384 MB, 424 MB, 100 MB, 189 MB)
# --clients DIR    the folder of the lab that drives clients; KEPT_E2E_CLIENTS says the same. Without either,
#                  ../shared/clients is copied to a temporary folder, because the lab writes beside itself.
# --keep           leave the scenario's folder, and say where it is
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
project=$(dirname "$here")
kept=$project/kept
jar=$project/app/target/kept.jar

fail() {
    echo "e2e: $*" >&2
    exit 2
}

usage() {
    sed -n '2,12s/^# \{0,1\}//p' "$0"
    exit 2
}

clients=${KEPT_E2E_CLIENTS:-}
install=no
keep=no
while [ $# -gt 0 ]; do
    case $1 in
        --install) install=yes ;;
        --keep) keep=yes ;;
        --clients)
            [ $# -gt 1 ] || usage
            clients=$2
            shift
            ;;
        -*) usage ;;
        *) break ;;
    esac
    shift
done
agent=${1:-}
case $agent in
    claude) all=(ask headless-off chat chat-killed record authored restore) ;;
    codex) all=(ask chat record authored restore) ;;
    gemini | copilot) all=(ask headless-off chat record restore) ;;
    *) usage ;;
esac
shift
[ $# -gt 0 ] || set -- "${all[@]}"
for name in "$@"; do
    case " ${all[*]} " in
        *" $name "*) ;;
        *) usage ;;
    esac
done

for tool in node git unshare ip ps tmux python3 timeout; do
    command -v "$tool" >/dev/null || fail "$tool is missing (Debian: apt install nodejs git util-linux iproute2 procps tmux python3)"
done
if [ -z "$clients" ]; then
    original=$project/../shared/clients
    [ -r "$original/lab.sh" ] || fail "the lab is missing: there is no $original; say where it is with --clients DIR"
    clients=${TMPDIR:-/tmp}/kept-e2e-clients
    mkdir -p "$clients"
    cp -R "$original/." "$clients/"
fi
[ -r "$clients/lab.sh" ] || fail "$clients is not the lab: it has no lab.sh"
clients=$(cd "$clients" && pwd -P)
case $clients/ in
    # The lab mounts an empty folder there.
    /root/*) fail "$clients: the lab hides /root from its clients; copy the folder elsewhere" ;;
esac
[ "$install" = no ] || "$clients/install.sh" "$agent"
[ -d "$clients/pkg/$agent/node_modules" ] ||
    fail "the client is not installed in $clients; run: e2e/run.sh --install $agent"

# Builds on first use, with this account's Maven repository; the home of the tests has none.
[ -f "$jar" ] || "$kept" --version >/dev/null
java=
for home in "${KEPT_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/*; do
    if [ -x "$home/bin/java" ] && grep -qE '^JAVA_VERSION="(2[5-9]|[3-9][0-9])' "$home/release" 2>/dev/null; then
        java=$home/bin/java
        break
    fi
done
[ -n "$java" ] || fail "there is no Java 25 or newer; say where: KEPT_JAVA_HOME=/path/to/jdk"

scratch=
running=()
# Ends what the scenario started, and removes what it wrote here and in the lab.
finish() {
    [ -n "$scratch" ] || return 0
    [ ${#running[@]} -eq 0 ] || kill "${running[@]}" 2>/dev/null || true
    running=()
    in_scratch stop >/dev/null 2>&1 || true
    if [ "$keep" = yes ]; then
        echo "kept for you: $scratch, and in $clients: home-$agent/$tag*, logs/$agent/$tag*" >&2
    else
        rm -rf "$scratch" "$clients/home-$agent/$tag"* "$clients/logs/$agent/$tag"*
    fi
    scratch=
}
trap finish EXIT
trap 'exit 130' INT TERM

# Kept's own command line, in a home of the scenario's.
in_scratch() {
    env -u KEPT_LAUNCHER HOME="$scratch/home" KEPT_HOME="$scratch/kept" CLAUDE_CONFIG_DIR="$client_home/.claude" \
        CODEX_HOME="$client_home/.codex" GEMINI_CLI_HOME="$client_home" COPILOT_HOME="$client_home/.copilot" \
        "$kept" "$@"
}

# The folders of a scenario, whose home of the agent the lab will make, so that Kept finds it late.
prepare() { # NAME
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/kept-e2e.XXXXXX")
    scratch=$(cd "$scratch" && pwd -P)
    tag=kept-$1-${scratch##*.}
    client_home=$clients/home-$agent/$tag
    mkdir -p "$scratch/home" "$scratch/kept" "$scratch/project" "$scratch/elsewhere"
    chmod 700 "$scratch/kept"
    "$here/claude/model.sh" >"$scratch/model.json"
}

start() { # HEADLESS [ROOT...]
    {
        echo 'commands:'
        echo "  headless: $1"
        shift
        if [ $# -gt 0 ]; then
            printf 'providers:\n  %s:\n    roots:\n' "$agent"
            printf '      - "%s"\n' "$@"
        fi
    } >"$scratch/kept/config.yaml"
    chmod 600 "$scratch/kept/config.yaml"
    in_scratch start --allow "$scratch/project" >"$scratch/start.out"
}

# Runs a script of the lab's or of this folder.
drive() { # SCRIPT ARGUMENT...
    CLIENT_ARGS=${CLIENT_ARGS:-} LAB_TAG=$tag LAB_WORK=$scratch/project LAB_LIMIT=400 LAB_KEEP=1 LAB_SCRIPT=${model-$scratch/model.json} \
        bash "$@" || echo "e2e: $1 ended with $?" >&2
}

check() { # SCENARIO ARGUMENT...
    "$java" -cp "$jar" "$here/check/Check.java" "$@"
}

failed=0
scenario() { # NAME
    echo "== $1"
    prepare "$1"
    case $1 in
        ask)
            start true
            drive "$here/claude/ask.sh" "$clients"
            check ask "$scratch" || failed=1
            in_scratch restart >"$scratch/restart.out"
            echo '-- after a restart'
            check ask "$scratch" || failed=1
            in_scratch allow "$scratch/elsewhere" >"$scratch/allow.out"
            echo '-- after kept allow'
            check allowed "$scratch" || failed=1
            ;;
        headless-off)
            start false
            drive "$here/claude/headless_off.sh" "$clients"
            check headless-off "$scratch" || failed=1
            ;;
        chat)
            start false
            drive "$here/claude/chat.sh" "$clients"
            check chat "$scratch" || failed=1
            ;;
        chat-killed)
            start false
            drive "$here/claude/chat.sh" "$clients" &
            client=$!
            running=("$client")
            kills=0
            while kill -0 "$client" 2>/dev/null; do
                sleep "$((kills % 3 + 2)).$((kills % 10))"
                pid=$(cat "$scratch/kept/run/daemon.pid")
                kill -9 "$pid" 2>/dev/null && kills=$((kills + 1))
                # Its supervisor ends with it, as after a crash of the machine.
                in_scratch start >>"$scratch/start.out" 2>&1 || echo "e2e: no start after kill $kills" >&2
            done
            wait "$client" || true
            running=()
            echo "-- after $kills kills of the daemon"
            check chat "$scratch" || failed=1
            ;;
        authored)
            authored
            ;;
        record)
            record
            ;;
        restore)
            restore
            ;;
    esac
    finish
}

# The lab's own scripts, side by side, each with a home of its own.
authored() {
    local name run script base=$tag roots=()
    for name in ask chat paste queue-kill subagent; do
        mkdir -p "$clients/home-$agent/$base-$name/.claude"
        roots+=("$clients/home-$agent/$base-$name/.claude")
    done
    start true "${roots[@]}"
    for name in ask chat paste queue-kill subagent; do
        run=("$clients/run_claude.sh" "$name")
        script=
        case $name in
            queue-kill) run=("$clients/extra_claude_queue_kill.sh") ;;
            subagent) run=("$clients/extra_claude_subagent.sh") script=$here/claude/subagent.json ;;
        esac
        (
            tag=$base-$name
            model=$script drive "${run[@]}" >"$scratch/$name.out" 2>&1
        ) &
        running+=($!)
    done
    wait "${running[@]}" || true
    running=()
    for name in ask chat paste queue-kill subagent; do
        python3 "$clients/prompts.py" claude "$clients/home-$agent/$base-$name" >"$scratch/$name.oracle"
        check authored "$scratch" "$name" "$clients/home-$agent/$base-$name" || failed=1
    done
    check quiet "$scratch" || failed=1
}

# A chat that records, stops and so on, with its notes compared with what was said.
record() {
    start false
    drive "$here/record/chat.sh" "$clients" "$agent"
    check recorded "$scratch" "$client_home" || failed=1
}

# shellcheck disable=SC1091 # it is there
. "$here/restore/scenario.sh"
# shellcheck disable=SC1091 # a client that is not driven as Claude Code is brings scenarios of its own
[ ! -r "$here/$agent/scenarios.sh" ] || . "$here/$agent/scenarios.sh"
for name in "$@"; do
    scenario "$name"
done
[ "$failed" = 0 ] || echo 'e2e: failed' >&2
exit "$failed"
