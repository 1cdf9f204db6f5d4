# Reads the output of strace -f twice, and tells which system calls failed as the filter makes them fail, of the threads that
# live under it: the one that puts it on, from then on, and all that come from those. A thread that becomes another program
# takes the number of its process. Exits with 1 if a call failed that nothing stands in for, or if nobody put a filter on.
BEGIN {
    standIn["clone3 ENOSYS"] = "the C library makes clone instead, of which the filter sees the flags"
    standIn["socket AF_UNIX ENOSYS"] = "the C library looks for a cache of names (nscd), and reads /etc/passwd itself"
    standIn["socket AF_INET ENOSYS"] = standIn["socket AF_INET6 ENOSYS"] = "Java looks for a network, and works without one"
}

# The call that a line tells of, or nothing.
function name() {
    return match(line, /^[a-z0-9_]+\(/) ? substr(line, 1, RLENGTH - 1) : ""
}

# The number that a call gave, or nothing.
function result() {
    return match(line, / = [0-9]+$/) ? substr(line, RSTART + 3) : ""
}

function error() {
    return match(line, / = -1 [A-Z0-9]+ /) ? substr(line, RSTART + 6, RLENGTH - 7) : ""
}

# What a call is about, where its name alone does not tell.
function about(    word) {
    word = name()
    return word == "socket" && match(line, /AF_[A-Z0-9]+/) ? word " " substr(line, RSTART, RLENGTH) : word
}

{
    thread = $1
    line = $0
    sub(/^[0-9]+ +/, "", line)
    # A call during which another thread did something is told in two lines.
    if (sub(/ *<unfinished \.\.\.>$/, "", line)) {
        begun[thread] = line
        next
    }
    if (match(line, /^<\.\.\. [a-z0-9_]+ resumed>/)) {
        word = substr(line, 6, RLENGTH - 14)
        rest = substr(line, RLENGTH + 1)
        line = (index(begun[thread], word "(") == 1 ? begun[thread] : word "(") rest
        delete begun[thread]
    }
}

NR == FNR {
    if (line ~ /^seccomp\(SECCOMP_SET_MODE_FILTER/ && line ~ / = 0$/) {
        since[thread] = FNR
        filters++
    } else if (line ~ /^(clone|fork|vfork)\(/ && thread in since && result() != "" && !(result() in since)) {
        since[result()] = 1
    } else if (match(line, /^\+\+\+ superseded by execve in pid [0-9]+/)) {
        other = substr(line, 33, RLENGTH - 32)
        if (other in since) {
            since[thread] = FNR
        }
    }
    next
}

!(thread in since) || FNR < since[thread] { next }

line ~ /^--- SIGSYS|killed by SIGSYS/ { denied["SIGSYS"]++ }

name() != "" {
    calls++
    kinds += !(name() in seen)
    seen[name()] = 1
    if (error() ~ /^(ENOSYS|EPERM)$/) {
        denied[about() " " error()]++
    }
    if (error() == "EACCES" && match(line, /"[^"]*"/)) {
        closed[substr(line, RSTART + 1, RLENGTH - 2)]++
    }
}

END {
    for (path in closed) {
        print "not opened: " path
    }
    for (call in denied) {
        times += denied[call]
        print "denied: " call ", " denied[call] " times; " \
            (call in standIn ? standIn[call] : "NOTHING IS KNOWN TO STAND IN FOR IT")
        bad += call in standIn ? 0 : denied[call]
    }
    print calls + 0 " of " kinds + 0 " kinds; " times + 0 " denied, " bad + 0 " of them without a stand-in"
    exit bad > 0 || filters == 0
}
