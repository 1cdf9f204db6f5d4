# Sourced by run.sh: the scenarios of Codex.
# shellcheck shell=bash disable=SC2034,SC2154 # run.sh and its scenarios share their variables
scenario() { # NAME
    echo "== codex $1"
    prepare "$1"
    case $1 in
        ask)
            start true
            drive "$here/codex/ask.sh" "$clients"
            check ask "$scratch" || failed=1
            in_scratch restart >"$scratch/restart.out"
            echo '-- after a restart'
            check ask "$scratch" || failed=1
            in_scratch allow "$scratch/elsewhere" >"$scratch/allow.out"
            echo '-- after kept allow'
            check allowed "$scratch" || failed=1
            drive "$here/codex/archive.sh" "$clients" archive
            echo '-- after codex archive'
            check archived "$scratch" || failed=1
            drive "$here/codex/archive.sh" "$clients" unarchive
            echo '-- after codex unarchive, and one turn more'
            check unarchived "$scratch" || failed=1
            ;;
        chat)
            start false
            drive "$here/codex/chat.sh" "$clients"
            check codex-chat "$scratch" || failed=1
            ;;
        authored)
            authored_codex
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

# The lab's own scripts, each with a home of its own.
authored_codex() {
    local name base=$tag roots=()
    for name in ask chat paste; do
        mkdir -p "$clients/home-codex/$base-$name/.codex"
        roots+=("$clients/home-codex/$base-$name/.codex")
    done
    start true "${roots[@]}"
    for name in ask chat paste; do
        (
            tag=$base-$name
            model='' drive "$clients/run_codex.sh" "$name" >"$scratch/$name.out" 2>&1
        )
        python3 "$clients/prompts.py" codex "$clients/home-codex/$base-$name" >"$scratch/$name.oracle"
        sleep 3
        check authored "$scratch" "$name" "$clients/home-codex/$base-$name" || failed=1
    done
    check quiet "$scratch" || failed=1
}
