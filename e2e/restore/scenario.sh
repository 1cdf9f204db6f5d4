# Sourced by run.sh: a session whose file was deleted, restored, and resumed by its agent.
# shellcheck shell=bash disable=SC2034,SC2154 # run.sh and its scenarios share their variables
restore() {
    local file size
    start false
    drive "$here/restore/lose.sh" "$clients" "$agent"
    file=$(cat "$client_home/lost.path")
    verdict 'the file of the session is gone' test ! -e "$file"
    verdict 'kept restore succeeds' in_scratch restore last
    verdict 'the file is back, byte for byte' cmp "$client_home/lost.bytes" "$file"
    verdict 'it is not restored over itself' fails in_scratch restore last
    drive "$here/restore/resume.sh" "$clients" "$agent"
    verdict 'the agent resumed: it told the model the first turn' grep -q 'TURN-1 runs' "$client_home/given"
    verdict '… and the second' grep -q 'TURN-2 goes on' "$client_home/given"
    size=$(wc -c <"$client_home/lost.bytes")
    verdict 'it went on in the same file' cmp -n "$size" "$client_home/lost.bytes" "$file"
    verdict '… with the third turn' grep -q 'ANSWER-3' "$file"
    in_scratch show last >"$scratch/shown"
    for words in FINAL-1 ANSWER-2 ANSWER-3; do
        verdict "kept shows $words once" test "$(grep -c "$words" "$scratch/shown")" = 1
    done
    verdict 'one session is kept' test "$(in_scratch sessions --ids | wc -l)" = 1
}

fails() {
    ! "$@"
}

verdict() { # WHAT COMMAND...
    local what=$1
    shift
    if "$@" >"$scratch/verdict.out" 2>&1; then
        echo "  ok    $what"
    else
        echo "  FAIL  $what"
        sed 's/^/        /' "$scratch/verdict.out"
        failed=1
    fi
}
