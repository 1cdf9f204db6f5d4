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

    private static final LaunchToken TOKEN = new LaunchToken(0x1122334455667788L, -1L, 0x8000000000000001L);

    private static boolean passesAs(Architecture architecture, long audit, int number, long... arguments) {
        ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(0, number).putInt(4, (int) audit);
        for (int i = 0; i < arguments.length; i++) {
            data.putLong(16 + 8 * i, arguments[i]);
        }
        List<Instruction> program = SystemCallFilter.program(architecture, TOKEN);
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
                    assertThat(each.operand()).isIn(SystemCallFilter.ALLOW, SystemCallFilter.REFUSE);
                    return each.operand() == SystemCallFilter.ALLOW;
                }
                default -> throw new AssertionError("no such instruction: " + each);
            }
        }
    }

    private static boolean passes(Architecture architecture, int number, long... arguments) {
        return passesAs(architecture, architecture.auditNumber(), number, arguments);
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void refusesWhatIsOnTheListAndLetsEverythingElsePass(Architecture architecture) {
        Architecture.Calls calls = architecture.calls();
        Set<Integer> closed = new HashSet<>(architecture.refused());
        closed.addAll(List.of(calls.execve(), calls.socket(), calls.socketpair()));
        assertThat(closed).hasSizeGreaterThan(40);
        for (int number = 0; number < 600; number++) {
            assertThat(passes(architecture, number)).as("call %d", number).isEqualTo(!closed.contains(number));
        }
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void onlyUnixStreamSocketsAreMade(Architecture architecture) {
        for (int number :
                new int[] {architecture.calls().socket(), architecture.calls().socketpair()}) {
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
        List<Instruction> program = SystemCallFilter.program(architecture, TOKEN);
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
