#!/bin/sh
# How long a person waits: medians of 20 runs of `kept --version`, `kept status` with a daemon, and of 5 starts to the first
# heartbeat, beside `java -version` of the same Java. In a temporary home. Needs a built Kept; RUNS=n for another number.
set -eu
kept=$(cd "$(dirname "$0")/.." && pwd)/kept
runs=${RUNS:-20}
HOME=$(mktemp -d)
KEPT_REBUILD=no
export HOME KEPT_REBUILD
unset KEPT_HOME CLAUDE_CONFIG_DIR
trap '"$kept" stop >/dev/null 2>&1 || true; rm -rf "$HOME"' EXIT

milliseconds() {
    # GNU date tells nanoseconds; perl is everywhere else.
    case $(date +%N) in
        *N*) perl -MTime::HiRes=time -e 'printf "%d\n", time * 1000' ;;
        *) echo $(($(date +%s%N) / 1000000)) ;;
    esac
}

# The median of so many runs of a command.
median() {
    count=$1
    shift
    i=0
    while [ "$i" -lt "$count" ]; do
        before=$(milliseconds)
        "$@" >/dev/null 2>&1 || true
        echo $(($(milliseconds) - before))
        i=$((i + 1))
    done | sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'
}

start_and_stop() {
    i=0
    while [ "$i" -lt "$1" ]; do
        before=$(milliseconds)
        "$kept" start >/dev/null
        echo $(($(milliseconds) - before))
        "$kept" stop >/dev/null
        i=$((i + 1))
    done | sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'
}

"$kept" start >/dev/null
pid=$(cat "$HOME/.kept/run/daemon.pid")
java=$(readlink "/proc/$pid/exe" 2>/dev/null || command -v java)
echo "java -version           $(median "$runs" "$java" -version) ms"
echo "kept --version          $(median "$runs" "$kept" --version) ms   (goal 50)"
echo "kept status             $(median "$runs" "$kept" status) ms   (goal 80)"
echo "kept sessions           $(median "$runs" "$kept" sessions) ms"
"$kept" stop >/dev/null
echo "kept start, heartbeat   $(start_and_stop 5) ms   (goal 500)"
