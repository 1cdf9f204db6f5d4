# Sourced by run.sh: the scenarios of agents that resume and do not fork.
# shellcheck shell=bash disable=SC2034,SC2154 # run.sh and its scenarios share their variables
scenario() { # NAME
    echo "== $agent $1"
    prepare "$1"
    case $1 in
        ask)
            start true
            drive "$here/resume/ask.sh" "$clients" "$agent"
            check resumed "$scratch" || failed=1
            authored_and_bytes ask
            in_scratch restart >"$scratch/restart.out"
            echo '-- after a restart'
            check resumed "$scratch" || failed=1
            authored_and_bytes ask
            ;;
        headless-off)
            start false
            drive "$here/resume/first.sh" "$clients" "$agent"
            check headless-off "$scratch" || failed=1
            ;;
        chat)
            start false
            drive "$here/resume/chat.sh" "$clients" "$agent"
            check resumed-chat "$scratch" || failed=1
            cp "$client_home/prompts.jsonl" "$scratch/chat.oracle"
            check authored "$scratch" chat "$client_home" || failed=1
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

# What people said is what the lab reads, and each byte that was ever seen is on tape.
authored_and_bytes() { # NAME
    cp "$client_home/prompts.jsonl" "$scratch/$1.oracle"
    check authored "$scratch" "$1" "$client_home" || failed=1
    in_scratch status --json --all >"$scratch/status.json"
    check bytes "$scratch" "$client_home/copies" "$scratch/status.json" || failed=1
}
