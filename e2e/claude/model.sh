#!/usr/bin/env bash
# Prints the script of the lab's model server: each turn has answers of its own, so that each can be counted in a note.
set -eu
rule() { # CONDITIONS SAY
    printf '  {"if": {%s}, "say": [%s]},\n' "$1" "$2"
}
echo '['
# Side questions offer no tools: titles and the like.
rule '"tools": false' '{"text": "A short answer."}'
# Downwards, so that TURN-1 is not found in TURN-11.
for turn in 11 10 9 8 7 6 5 4 3 2 1; do
    call='{"text": "BEFORE-TOOL-'$turn': it will run."}, %s {"tool": "shell", "command": "echo tool-output-'$turn'"}'
    # shellcheck disable=SC2059 # the format is this script's own
    slow=$(printf "$call" '{"sleep": 2500},')
    # shellcheck disable=SC2059
    quick=$(printf "$call" '')
    # A line of its own, a fence around it: only what a person says is an order.
    # shellcheck disable=SC2016 # a fence, no command
    fence='\n\n```text\n::not-a-command inside a fence\n::capture not-a-command.md\n```\n'
    rule '"prompt": "TURN-'$turn'", "round": "1+"' '{"think": "It ran."}, {"text": "FINAL-'$turn': the tool has answered."}'
    rule '"prompt": "USE-SHELL SLOWLY TURN-'$turn'"' "$slow"
    rule '"prompt": "USE-SHELL TURN-'$turn'"' "{\"think\": \"A command.\"}, $quick"
    rule '"prompt": "SLOWLY TURN-'$turn'"' '{"sleep": 2500}, {"text": "ANSWER-'$turn': slowly."}'
    rule '"prompt": "TURN-'$turn'"' '{"think": "A question."}, {"text": "ANSWER-'$turn': a plain answer.'"$fence"'"}'
done
for verb in capture init record stop export; do
    rule '"prompt": "^(<current_datetime>[^<]*</current_datetime>[^:]*)?::'$verb'"' \
        '{"text": "ANSWER-'${verb^^}': this may be recorded."}'
done
echo '  {"if": {}, "say": [{"text": "ANSWER-OTHER: something else was asked."}]}'
echo ']'
