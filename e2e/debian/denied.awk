# Reads the output of strace -f twice, and tells which system calls failed as the filter makes them fail, of the threads that
# live under it: the one that puts it on, from then on, and all that come from those. A thread that becomes another program
# takes the number of its process. Exits with 1 if a call failed that nothing stands in for, or if nobody put a filter on.
#
# Of what the daemon makes, only clone3 is known to fail: the C library takes clone, of which the filter sees the flags.
BEGIN {
    standIn["clone3 ENOSYS"] = "clone is made instead"
}

# The number of the call's result, or nothing.
function result(line) {
    return match(line, /= [0-9]+$/) ? substr(line, RSTART + 2) : ""
}

function name(line) {
    if (match(line, /^<\.\.\. [a-z0-9_]+ resumed/)) {
        return substr(line, 6, RLENGTH - 13)
    }
    return match(line, /^[a-z0-9_]+\(/) ? substr(line, 1, RLENGTH - 1) : ""
}

{
    thread = $1
    line = $0
    sub(/^[0-9]+ +/, "", line)
}

NR == FNR {
    if (line ~ /^seccomp\(SECCOMP_SET_MODE_FILTER/ && line ~ /= 0$/) {
        since[thread] = FNR
        filters++
    } else if (thread in since && name(line) ~ /^(clone|vfork|fork)$/ && result(line) != "" && !(result(line) in since)) {
        since[result(line)] = 1
    } else if (line ~ /^\+\+\+ superseded by execve in pid [0-9]+/) {
        match(line, /in pid [0-9]+/)
        other = substr(line, RSTART + 7, RLENGTH - 7)
        if (other in since) {
            since[thread] = FNR
        }
    }
    next
}

!(thread in since) || FNR < since[thread] { next }

line ~ /unfinished \.\.\.>$/ { next }

line ~ /^--- SIGSYS|killed by SIGSYS/ { denied["SIGSYS"]++ }

name(line) != "" {
    calls++
    kinds += !(name(line) in seen)
    seen[name(line)] = 1
}

match(line, /= -1 (ENOSYS|EPERM) /) {
    denied[name(line) " " substr(line, RSTART + 5, RLENGTH - 6)]++
}

END {
    for (call in denied) {
        print call ": " denied[call] " times, " (call in standIn ? standIn[call] : "AND NOTHING IS KNOWN TO STAND IN FOR IT")
        bad += !(call in standIn)
        list = list (list == "" ? "" : ", ") call " " denied[call]
    }
    print calls + 0 " of " kinds + 0 " kinds; denied: " (list == "" ? "none" : list)
    exit bad > 0 || filters == 0
}
