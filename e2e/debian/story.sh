# Run by run.sh inside the root of a release, as a user without any right: plays an agent that writes a session file, and
# checks what Kept makes of it. Nothing of the environment is set but HOME, PATH and what the launcher is told, so the locale
# is C, as in a container.
# shellcheck shell=sh
set -u
kept=/mnt/run/kept/kept
work=$HOME/work/shop
note=$work/notes/größe.md
session=3c1e9a70-52d4-4f0b-9a6e-0d8b7c21f5e4
folder=$HOME/.claude/projects/$(printf %s "$work" | tr -c 'A-Za-z0-9' -)
file=$folder/$session.jsonl
logs=$HOME/.kept/logs
mkdir -p "$work" "$folder"

passed=0
failed=0
verdict() { # WHAT COMMAND...
    what=$1
    shift
    if "$@" >"$HOME/verdict.out" 2>&1; then
        echo "  ok    $what"
        passed=$((passed + 1))
    else
        echo "  FAIL  $what"
        sed 's/^/        /' "$HOME/verdict.out"
        failed=$((failed + 1))
    fi
}

# Waits until a command succeeds, a minute at most.
soon() {
    deadline=$(($(date +%s) + 60))
    until "$@"; do
        [ "$(date +%s)" -lt "$deadline" ] || return 1
        sleep 0.2
    done
}

fails() {
    ! "$@"
}

# Each of the words stands once in a file, in this order.
once_each() { # FILE WORD...
    in=$1
    shift
    before=0
    for word in "$@"; do
        [ "$(grep -c -e "$word" "$in")" = 1 ] || {
            echo "$word stands $(grep -c -e "$word" "$in") times in $in"
            return 1
        }
        line=$(grep -n -e "$word" "$in" | cut -d : -f 1)
        [ "$line" -gt "$before" ] || {
            echo "$word is not behind the one before it in $in"
            return 1
        }
        before=$line
    done
}

parent=null
number=0
# One record of the agent's: its type, then the members that only it has.
record() {
    number=$((number + 1))
    uuid=$(printf '00000000-0000-4000-8000-%012d' "$number")
    printf '{"parentUuid":%s,"isSidechain":false,"userType":"external","cwd":"%s","sessionId":"%s","version":"2.1.330","gitBranch":"main","entrypoint":"cli","type":"%s","uuid":"%s","timestamp":"%s",%s}\n' \
        "$parent" "$work" "$session" "$1" "$uuid" "$(date -u +%Y-%m-%dT%H:%M:%S.000Z)" "$2" >>"$file"
    parent=\"$uuid\"
}

prompt() {
    record user '"message":{"role":"user","content":"'"$1"'"},"origin":{"kind":"human"},"promptSource":"typed"'
}

answer() {
    record assistant '"message":{"id":"msg_'"$number"'","type":"message","role":"assistant","model":"claude-example","content":[{"type":"text","text":"'"$1"'"}],"usage":{"input_tokens":12,"output_tokens":40}}'
}

daemon() {
    cat "$HOME/.kept/run/daemon.pid"
}

# The kernel's word on the daemon, and Kept's.
confined() {
    grep -qx 'NoNewPrivs:	1' "/proc/$(daemon)/status" && grep -qx 'Seccomp:	2' "/proc/$(daemon)/status" &&
        "$kept" status | grep -q "pid $(daemon), sandbox landlock [0-9]* + seccomp"
}

shows() { # WORD...
    "$kept" show last >"$HOME/shown" && once_each "$HOME/shown" "$@"
}

verdict 'the AOT caches are made' "$kept" train
verdict '… in four records' test "$(find /mnt/run/kept/app/target -name 'kept*.aot' -size +100k | wc -l)" = 4

# Its first line is the session's title, too.
prompt 'How big is the shop?\n\nPROMPT-1: tell me.'
answer 'ANSWER-1: it has *three* floors.'
verdict 'kept start' "$kept" start --allow "$work"
verdict 'Landlock and the filter are in force' confined
verdict 'what was there is kept' soon shows PROMPT-1 ANSWER-1
prompt 'PROMPT-2: and in Größe, 大小 and 🙂?\n\n::capture notes/größe.md'
answer 'ANSWER-2: Größe, 大小, 🙂.'
verdict 'the note is written, under a name that is not ASCII' soon grep -qs 'ANSWER-2: Größe, 大小, 🙂' "$note"
verdict 'it has all from the first prompt on, once' once_each "$note" PROMPT-1 ANSWER-1 PROMPT-2 ANSWER-2
"$kept" status >"$HOME/status"
verdict 'kept status names the recording' grep -q 'notes/größe.md' "$HOME/status"
verdict 'kept sessions lists it' test "$("$kept" sessions --ids)" = "$session"
verdict 'kept show shows it' shows PROMPT-1 ANSWER-1 PROMPT-2 ANSWER-2
verdict 'kept export writes it' "$kept" export last -o "$work/whole.md"
verdict '… once' once_each "$work/whole.md" PROMPT-1 ANSWER-1 PROMPT-2 ANSWER-2

verdict 'kept seal packs the copy' "$kept" seal --older-than 0d
packed() {
    find "$HOME/.kept/tapes" -name '*.zst' | grep -q .
}
verdict '… so that a packed file is there' packed
verdict '… and reads as before' shows PROMPT-1 ANSWER-1 PROMPT-2 ANSWER-2
prompt 'PROMPT-3: is it open?'
answer 'ANSWER-3: until eight.'
verdict 'what is said then is in the note' soon grep -qs ANSWER-3 "$note"

first=$(daemon)
verdict 'kept restart' "$kept" restart
verdict 'another process has the home' test "$(daemon)" != "$first"
verdict '… and Landlock and the filter are in force in it' confined
prompt 'PROMPT-4: since when?'
answer 'ANSWER-4: since May.'
verdict 'the note goes on' soon grep -qs ANSWER-4 "$note"
verdict '… and repeats nothing' \
    once_each "$note" PROMPT-1 ANSWER-1 PROMPT-2 ANSWER-2 PROMPT-3 ANSWER-3 PROMPT-4 ANSWER-4
cp "$file" "$HOME/original"
rm "$file"
verdict 'kept restore brings a deleted session back' "$kept" restore last
verdict '… byte for byte' cmp "$HOME/original" "$file"

verdict 'kept doctor finds nothing wrong' "$kept" doctor
well() {
    fails grep -vE '^(ok|–) ' "$HOME/doctor"
}
"$kept" doctor >"$HOME/doctor"
verdict '… in any line' well
sed -n 's/^ok  sandbox //p' "$HOME/doctor" >"$HOME/sandbox"

last=$(daemon)
verdict 'kept stop' "$kept" stop
verdict 'the daemon is gone' fails kill -0 "$last"
verdict 'Java said nothing' fails grep . "$logs/daemon.out"
verdict 'the log has no fault' fails grep -v '"kind":"info"' "$logs/operational.jsonl"
verdict 'nothing was refused' fails grep -v '"code":"directory.allowed"' "$logs/security-audit.jsonl"

if [ "$failed" = 0 ]; then
    echo "all $passed checks passed"
else
    echo "$failed of $((passed + failed)) checks failed"
fi
