#!/bin/sh
# Kills a daemon without warning while three sessions are recorded: kill9.sh [KILLS [SEED [SECONDS]]]; 0 if no line is lost or doubled
exec "$(dirname "$0")/run" dev.kept.benchmarks.KillNine "$@"
