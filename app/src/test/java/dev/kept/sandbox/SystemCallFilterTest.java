package dev.kept.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.sandbox.SystemCallFilter.Instruction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The filter's program, run by a second reading of what the kernel's interpreter does. */
class SystemCallFilterTest {
    static final List<Architecture> ALL = Architecture.ALL;

    private static final int PID = 4711;
    private static final LaunchToken TOKEN = new LaunchToken(0x1122334455667788L, -1L, 0x8000000000000001L);

    private static int verdictAs(Architecture architecture, long audit, int number, long... arguments) {
        ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(0, number).putInt(4, (int) audit);
        for (int i = 0; i < arguments.length; i++) {
            data.putLong(16 + 8 * i, arguments[i]);
        }
        List<Instruction> program = SystemCallFilter.program(architecture, TOKEN, PID);
        long accumulator = 0;
        int at = 0;
        while (true) {
            Instruction each = program.get(at++);
            long operand = Integer.toUnsignedLong(each.operand());
            switch (each.code()) {
                case 0x20 -> accumulator = Integer.toUnsignedLong(data.getInt(each.operand()));
                case 0x15 -> at += accumulator == operand ? each.ifTrue() : each.ifFalse();
                case 0x35 -> at += accumulator >= operand ? each.ifTrue() : each.ifFalse();
                case 0x54 -> accumulator &= operand;
                case 0x06 -> {
                    assertThat(each.operand())
                            .isIn(SystemCallFilter.ALLOW, SystemCallFilter.REFUSE, SystemCallFilter.ABSENT);
                    return each.operand();
                }
                default -> throw new AssertionError("no such instruction: " + each);
            }
        }
    }

    private static int verdict(Architecture architecture, int number, long... arguments) {
        return verdictAs(architecture, architecture.auditNumber(), number, arguments);
    }

    private static boolean passes(Architecture architecture, int number, long... arguments) {
        return verdict(architecture, number, arguments) == SystemCallFilter.ALLOW;
    }

    private static boolean passesAs(Architecture architecture, long audit, int number, long... arguments) {
        return verdictAs(architecture, audit, number, arguments) == SystemCallFilter.ALLOW;
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void whatIsNotListedIsAbsentAsOnAnOlderKernel(Architecture architecture) {
        Architecture.Calls calls = architecture.calls();
        Set<Integer> allowed = new HashSet<>(architecture.allowed());
        Set<Integer> looked = Set.of(
                calls.execve(),
                calls.socketpair(),
                calls.cloneCall(),
                calls.fcntl(),
                calls.ioctl(),
                calls.tgkill(),
                calls.prctl(),
                calls.prlimit64());
        assertThat(allowed)
                .hasSizeBetween(60, 110)
                .doesNotContainAnyElementsOf(looked)
                .allMatch(number -> number >= 0);
        assertThat(allowed).doesNotContain(calls.socket(), calls.bind(), calls.listen(), calls.seccomp());
        for (int number = 0; number < 600; number++) {
            int expected = allowed.contains(number) ? SystemCallFilter.ALLOW : SystemCallFilter.ABSENT;
            if (!looked.contains(number)) {
                assertThat(verdict(architecture, number)).as("call %d", number).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void clone3IsAbsentSoThatCLibrariesTakeCloneWhichMakesThreadsAlone(Architecture architecture) {
        int clone = architecture.calls().cloneCall();
        assertThat(verdict(architecture, 435)).isEqualTo(SystemCallFilter.ABSENT);
        // As glibc gives them, and as musl does.
        assertThat(passes(architecture, clone, 0x3d0f00)).isTrue();
        assertThat(passes(architecture, clone, 0x7d0f00)).isTrue();
        for (int bit = 0; bit < 32; bit++) {
            if (bit != 22) {
                assertThat(verdict(architecture, clone, 0x3d0f00 ^ (1L << bit)))
                        .as("bit %d", bit)
                        .isEqualTo(SystemCallFilter.REFUSE);
            }
        }
        // As fork and vfork make a process.
        assertThat(passes(architecture, clone, 17)).isFalse();
        assertThat(passes(architecture, clone, 0x4000 | 0x100 | 17)).isFalse();
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void signalsAndLimitsAreItsOwnAlone(Architecture architecture) {
        Architecture.Calls calls = architecture.calls();
        assertThat(passes(architecture, calls.tgkill(), PID, 5, 6)).isTrue();
        assertThat(passes(architecture, calls.tgkill(), PID + 1, 5, 6)).isFalse();
        assertThat(passes(architecture, calls.tgkill(), 0xFFFFFFFFL, 5, 6)).isFalse();
        assertThat(passes(architecture, calls.prlimit64(), 0, 7)).isTrue();
        assertThat(passes(architecture, calls.prlimit64(), PID, 7)).isTrue();
        assertThat(passes(architecture, calls.prlimit64(), 1, 7)).isFalse();
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void ofDescriptorsDevicesAndTheProcessOnlyWhatIsNeededIsAsked(Architecture architecture) {
        Architecture.Calls calls = architecture.calls();
        // F_SETOWN, F_SETSIG and F_SETLEASE have signals sent; TIOCSTI types into a terminal.
        for (int command : new int[] {8, 10, 1024}) {
            assertThat(passes(architecture, calls.fcntl(), 3, command)).isFalse();
        }
        assertThat(passes(architecture, calls.fcntl(), 3, 6)).isTrue();
        assertThat(passes(architecture, calls.ioctl(), 0, 0x5412)).isFalse();
        assertThat(passes(architecture, calls.ioctl(), 0, 0x5401)).isTrue();
        assertThat(passes(architecture, calls.prctl(), 15)).isTrue();
        // PR_SET_DUMPABLE, PR_SET_MM, PR_SET_PTRACER.
        for (int option : new int[] {4, 35, 0x59616d61}) {
            assertThat(passes(architecture, calls.prctl(), option)).isFalse();
        }
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void onlyPairsOfUnixStreamSocketsAreMade(Architecture architecture) {
        int number = architecture.calls().socketpair();
        for (int domain = 0; domain < 50; domain++) {
            for (int type = 0; type < 12; type++) {
                boolean wanted = domain == 1 && type == 1;
                assertThat(passes(architecture, number, domain, type, 0)).isEqualTo(wanted);
                // With SOCK_CLOEXEC and SOCK_NONBLOCK.
                assertThat(passes(architecture, number, domain, type | 0x80000 | 0x800, 0))
                        .isEqualTo(wanted);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void aProgramIsStartedOnlyWithEveryBitOfTheToken(Architecture architecture) {
        int execve = architecture.calls().execve();
        long[] token = {TOKEN.first(), TOKEN.second(), TOKEN.third()};
        assertThat(passes(architecture, execve, 7, 8, 9, token[0], token[1], token[2]))
                .isTrue();
        assertThat(passes(architecture, execve, 7, 8, 9, 0, 0, 0)).isFalse();
        for (int word = 0; word < 3; word++) {
            for (int bit = 0; bit < 64; bit++) {
                long[] wrong = token.clone();
                wrong[word] ^= 1L << bit;
                assertThat(passes(architecture, execve, 7, 8, 9, wrong[0], wrong[1], wrong[2]))
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void callsByAnotherConventionAreRefused(Architecture architecture) {
        long i386 = 0x40000003;
        long arm = 0x40000028;
        for (int number = 0; number < 600; number++) {
            assertThat(passesAs(architecture, i386, number)).isFalse();
            assertThat(passesAs(architecture, arm, number)).isFalse();
        }
        if (architecture.equals(Architecture.X86_64)) {
            for (int number = 0; number < 600; number++) {
                assertThat(passes(architecture, 0x40000000 | number)).isFalse();
            }
        }
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void everyJumpLeadsIntoTheProgram(Architecture architecture) {
        List<Instruction> program = SystemCallFilter.program(architecture, TOKEN, PID);
        assertThat(program).hasSizeLessThan(4096);
        for (int i = 0; i < program.size(); i++) {
            Instruction each = program.get(i);
            assertThat(each.ifTrue()).isBetween(0, 255);
            assertThat(each.ifFalse()).isBetween(0, 255);
            if (each.code() != 0x06) {
                assertThat(i + 1 + Math.max(each.ifTrue(), each.ifFalse())).isLessThan(program.size());
            }
        }
        assertThat(program.getLast().code()).isEqualTo(0x06);
    }
}
