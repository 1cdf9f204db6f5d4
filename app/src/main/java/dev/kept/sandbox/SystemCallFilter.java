package dev.kept.sandbox;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The filter of system calls (Linux's seccomp) that the daemon lives under from its first instruction on: no program is
 * started, no socket made but Unix stream sockets, no connection made to anybody, and none of the calls of {@link
 * Architecture#refused}. Refused calls fail with {@code EPERM}; everything else goes on.
 *
 * <p>The launching process puts it on and then makes the one {@code execve} that carries the {@link LaunchToken}.
 *
 * <p>Source of the constants: {@code include/uapi/linux/seccomp.h}, {@code filter.h} and {@code bpf_common.h}. What a
 * filter looks at:
 *
 * <pre>
 *   0      4       8                  16        24          64
 *   +------+-------+------------------+---------+-----------+
 *   | nr   | arch  | instruction      | arg 0   | … arg 5   |    little-endian on both architectures
 *   +------+-------+------------------+---------+-----------+
 * </pre>
 */
final class SystemCallFilter {
    static final int ALLOW = 0x7fff0000;
    static final int REFUSE = 0x00050000 | 1;

    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int JUMP_IF_AT_LEAST = 0x35;
    private static final int AND = 0x54;
    private static final int RETURN = 0x06;

    private static final int OFFSET_NUMBER = 0;
    private static final int OFFSET_ARCHITECTURE = 4;
    private static final int OFFSET_ARGUMENTS = 16;

    /** On x86-64 the same calls once more, for programs with 32-bit addresses. */
    private static final int X32_CALLS = 0x40000000;

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCKET_TYPE_MASK = 0xf;

    private static final int SET_MODE_FILTER = 1;
    private static final int GET_ACTION_AVAIL = 2;

    /** {@code struct sock_filter}. */
    record Instruction(int code, int ifTrue, int ifFalse, int operand) {}

    private SystemCallFilter() {}

    /** Whether this kernel takes filters that let calls fail. */
    static boolean isThere(SystemCalls system, Architecture architecture) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(4, 4);
            SystemCalls.bytes(action).putInt(0x00050000);
            return !system.call(architecture.calls().seccomp(), GET_ACTION_AVAIL, 0, action.address())
                    .failed();
        }
    }

    /**
     * Puts the filter on the calling thread. To be called after {@code PR_SET_NO_NEW_PRIVS}.
     *
     * @throws IOException if the kernel refuses; nothing is restricted then
     */
    static void putOn(SystemCalls system, Architecture architecture, List<Instruction> program) throws IOException {
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

    /** The program of the filter. Pure. */
    static List<Instruction> program(Architecture architecture, LaunchToken token) {
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
        for (int number : architecture.refused()) {
            program.add(new Instruction(JUMP_IF_EQUAL, 0, 1, number));
            program.add(refuse());
        }
        addFor(program, calls.socket(), socketRules());
        addFor(program, calls.socketpair(), socketRules());
        addFor(program, calls.execve(), launchRules(token));
        program.add(new Instruction(RETURN, 0, 0, ALLOW));
        return List.copyOf(program);
    }

    /** Goes through the rules, which all end in a return, if the call has this number. */
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
                new Instruction(RETURN, 0, 0, ALLOW));
    }

    private static List<Instruction> launchRules(LaunchToken token) {
        List<Instruction> rules = new ArrayList<>();
        long[] expected = {token.first(), token.second(), token.third()};
        for (int i = 0; i < expected.length; i++) {
            rules.addAll(expectWord(argument(3 + i), (int) expected[i]));
            rules.addAll(expectWord(argument(3 + i) + 4, (int) (expected[i] >>> 32)));
        }
        rules.add(new Instruction(RETURN, 0, 0, ALLOW));
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

    private static Instruction refuse() {
        return new Instruction(RETURN, 0, 0, REFUSE);
    }
}
