package dev.kept.sandbox;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The filter of system calls (Linux's seccomp) under which the daemon runs from its first instruction on. It allows the
 * calls of {@link AllowedCalls}, and some calls with some arguments: it may create threads but no processes, send
 * signals to itself and set its own limits only, and create no socket but a pair of connected ones. Every other call
 * fails with {@code ENOSYS}, as on a kernel that does not have it, so that a C library falls back to its older way; a
 * call with other arguments fails with {@code EPERM}.
 *
 * <p>The launching process installs it and then makes the one {@code execve} that carries the {@link LaunchToken}.
 *
 * <p>Source of the constants: {@code include/uapi/linux/seccomp.h}, {@code filter.h} and {@code bpf_common.h}. The
 * input of a filter:
 *
 * <pre>
 * 0      4       8                  16        24          64
 * +------+-------+------------------+---------+-----------+
 * | nr   | arch  | instruction      | arg 0   | … arg 5   |    little-endian on both architectures
 * +------+-------+------------------+---------+-----------+
 * </pre>
 */
final class SystemCallFilter {
    static final int ALLOW = 0x7fff0000;
    /** The call fails with {@code EPERM}. */
    static final int REFUSE = 0x00050000 | 1;

    /** The call fails with {@code ENOSYS}. */
    static final int ABSENT = 0x00050000 | 38;

    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int JUMP_IF_AT_LEAST = 0x35;
    private static final int AND = 0x54;
    private static final int RETURN = 0x06;

    private static final int OFFSET_NUMBER = 0;
    private static final int OFFSET_ARCHITECTURE = 4;
    private static final int OFFSET_ARGUMENTS = 16;

    /** Bit of the x86-64 calls for programs with 32-bit addresses. */
    private static final int X32_CALLS = 0x40000000;

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCKET_TYPE_MASK = 0xf;

    /**
     * {@code CLONE_VM | FS | FILES | SIGHAND | THREAD | SYSVSEM | SETTLS | PARENT_SETTID | CHILD_CLEARTID}: a thread.
     */
    private static final int THREAD = 0x3d0f00;

    /** {@code CLONE_DETACHED}, which has no effect any more and which some C libraries set. */
    private static final int DETACHED = 0x400000;

    /** {@code PR_SET_NAME, PR_GET_NAME} of a thread, {@code PR_SET_VMA} of its memory. */
    private static final int[] PROCESS_OPTIONS = {15, 16, 0x53564d41};

    /**
     * {@code F_DUPFD, GETFD, SETFD, GETFL, SETFL, GETLK, SETLK, SETLKW}, then {@code OFD_GETLK, OFD_SETLK, OFD_SETLKW,
     * DUPFD_CLOEXEC}.
     */
    private static final int[] DESCRIPTOR_COMMANDS = {0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030};

    /** {@code TCGETS, FIONREAD}. */
    private static final int[] DEVICE_COMMANDS = {0x5401, 0x541b};

    private static final int SET_MODE_FILTER = 1;
    private static final int GET_ACTION_AVAIL = 2;

    /** {@code struct sock_filter}. */
    record Instruction(int code, int ifTrue, int ifFalse, int operand) {}

    private SystemCallFilter() {}

    /** Reports whether this kernel supports filters that make calls fail. */
    static boolean isSupported(SystemCalls system, Architecture architecture) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(4, 4);
            SystemCalls.bytes(action).putInt(0x00050000);
            return !system.call(architecture.calls().seccomp(), GET_ACTION_AVAIL, 0, action.address())
                    .failed();
        }
    }

    /**
     * Installs the filter on the calling thread. Must be called after {@code PR_SET_NO_NEW_PRIVS}.
     *
     * @throws IOException if the kernel refuses; nothing is restricted then
     */
    static void install(SystemCalls system, Architecture architecture, List<Instruction> program) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = arena.allocate(8L * program.size(), 8);
            ByteBuffer instructions = SystemCalls.bytes(code);
            for (Instruction each : program) {
                instructions
                        .putShort((short) each.code())
                        .put((byte) each.ifTrue())
                        .put((byte) each.ifFalse())
                        .putInt(each.operand());
            }
            MemorySegment whole = arena.allocate(16, 8);
            SystemCalls.bytes(whole).putShort(0, (short) program.size()).putLong(8, code.address());
            SystemCalls.Result result =
                    system.call(architecture.calls().seccomp(), SET_MODE_FILTER, 0, whole.address());
            if (result.failed()) {
                throw new IOException("seccomp failed with errno " + result.errno());
            }
        }
    }

    /**
     * Returns the program of the filter. Pure.
     *
     * @param pid process that it is for, whose signals and limits are its own
     */
    static List<Instruction> program(Architecture architecture, LaunchToken token, int pid) {
        Architecture.Calls calls = architecture.calls();
        List<Instruction> program = new ArrayList<>();
        program.add(load(OFFSET_ARCHITECTURE));
        program.add(new Instruction(JUMP_IF_EQUAL, 1, 0, architecture.auditNumber()));
        program.add(refuse());
        program.add(load(OFFSET_NUMBER));
        if (architecture.equals(Architecture.X86_64)) {
            program.add(new Instruction(JUMP_IF_AT_LEAST, 0, 1, X32_CALLS));
            program.add(refuse());
        }
        for (int number : architecture.allowed()) {
            program.add(new Instruction(JUMP_IF_EQUAL, 0, 1, number));
            program.add(allow());
        }
        addFor(program, calls.fcntl(), oneOf(1, DESCRIPTOR_COMMANDS));
        addFor(program, calls.tgkill(), oneOf(0, pid));
        addFor(program, calls.prctl(), oneOf(0, PROCESS_OPTIONS));
        addFor(program, calls.cloneCall(), threadRules());
        addFor(program, calls.prlimit64(), oneOf(0, 0, pid));
        addFor(program, calls.ioctl(), oneOf(1, DEVICE_COMMANDS));
        addFor(program, calls.socketpair(), socketRules());
        addFor(program, calls.execve(), launchRules(token));
        program.add(new Instruction(RETURN, 0, 0, ABSENT));
        return List.copyOf(program);
    }

    /**
     * Returns rules that allow the call if the lower half of an argument, which is all that the kernel reads of it, is
     * one of these values.
     */
    private static List<Instruction> oneOf(int argument, int... values) {
        List<Instruction> rules = new ArrayList<>();
        rules.add(load(argument(argument)));
        for (int value : values) {
            rules.add(new Instruction(JUMP_IF_EQUAL, 0, 1, value));
            rules.add(allow());
        }
        rules.add(refuse());
        return rules;
    }

    private static List<Instruction> threadRules() {
        return List.of(
                load(argument(0)),
                new Instruction(AND, 0, 0, ~DETACHED),
                new Instruction(JUMP_IF_EQUAL, 1, 0, THREAD),
                refuse(),
                allow());
    }

    /** Adds rules, which all end in a return, for calls of this number. */
    private static void addFor(List<Instruction> program, int number, List<Instruction> rules) {
        program.add(new Instruction(JUMP_IF_EQUAL, 0, rules.size(), number));
        program.addAll(rules);
    }

    private static List<Instruction> socketRules() {
        return List.of(
                load(argument(0)),
                new Instruction(JUMP_IF_EQUAL, 1, 0, AF_UNIX),
                refuse(),
                load(argument(1)),
                new Instruction(AND, 0, 0, SOCKET_TYPE_MASK),
                new Instruction(JUMP_IF_EQUAL, 1, 0, SOCK_STREAM),
                refuse(),
                allow());
    }

    private static List<Instruction> launchRules(LaunchToken token) {
        List<Instruction> rules = new ArrayList<>();
        long[] expected = {token.first(), token.second(), token.third()};
        for (int i = 0; i < expected.length; i++) {
            rules.addAll(expectWord(argument(3 + i), (int) expected[i]));
            rules.addAll(expectWord(argument(3 + i) + 4, (int) (expected[i] >>> 32)));
        }
        rules.add(allow());
        return rules;
    }

    private static List<Instruction> expectWord(int offset, int value) {
        return List.of(load(offset), new Instruction(JUMP_IF_EQUAL, 1, 0, value), refuse());
    }

    private static int argument(int index) {
        return OFFSET_ARGUMENTS + 8 * index;
    }

    private static Instruction load(int offset) {
        return new Instruction(LOAD_WORD, 0, 0, offset);
    }

    private static Instruction allow() {
        return new Instruction(RETURN, 0, 0, ALLOW);
    }

    private static Instruction refuse() {
        return new Instruction(RETURN, 0, 0, REFUSE);
    }
}
