#!/bin/sh
# Builds, generates its workloads, and measures what Kept costs; prints one table and writes benchmarks/target/figures.json.
#
#   benchmarks/run.sh           about ten minutes
#   benchmarks/run.sh --whole   the sizes of docs/performance.md; about an hour
#
# A quiet machine matters: the load is printed first. Each part can be run by itself: see the scripts beside this one.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
KEPT_FIGURES=$here/target/figures.jsonl
export KEPT_FIGURES
case ${1:-} in
    '') known=1000 large=20000 mb=300 sessions=1000 events=100000 restart=1000 runs=3 seconds=5 ;;
    --whole) known=10000 large=500000 mb=2000 sessions=100000 events=10000000 restart=10000 runs=5 seconds=20 ;;
    *)
        echo "usage: benchmarks/run.sh [--whole]" >&2
        exit 2
        ;;
esac
"$here/run" dev.kept.benchmarks.WorkloadGenerator --home "$here/target/first" --sessions 1 --events 1 >/dev/null
rm -rf "$here/target/first" "$KEPT_FIGURES"
echo "load $(uptime | sed 's/.*average[s]*: //'); $(uname -srm); $(nproc 2>/dev/null || echo ?) processors"
"$here/latency" --seconds "$seconds"
"$here/latency" --seconds "$seconds" --known "$known"
"$here/latency" --seconds "$seconds" --events "$large"
if command -v strace >/dev/null 2>&1; then
    "$here/system-calls"
    "$here/system-calls" --known "$known"
fi
"$here/import" --mb "$mb" --runs "$runs"
"$here/restart" --sessions "$restart" --runs "$runs"
"$here/growth" --sessions "$sessions" --events "$events" --plot "$here/target/growth.svg"
echo
"$here/run" dev.kept.benchmarks.FigureTable "$KEPT_FIGURES" "$here/target/figures.json"
