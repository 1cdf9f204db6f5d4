package dev.kept.sandbox;

import dev.kept.sandbox.SystemCallFilter.Instruction;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * Becomes another program, in a world whose kernel has no Landlock: asked for it, it says that there is no such call.
 */
public final class WithoutLandlock {
    private WithoutLandlock() {}

    public static void main(String[] command) throws Exception {
        SystemCalls system = new SystemCalls();
        Architecture architecture = Architecture.current().orElseThrow();
        int noSuchCall = 38;
        system.call(architecture.calls().prctl(), 38, 1);
        SystemCallFilter.install(
                system,
                architecture,
                List.of(
                        new Instruction(0x20, 0, 0, 0),
                        new Instruction(0x15, 0, 1, Architecture.LANDLOCK_CREATE_RULESET),
                        new Instruction(0x06, 0, 0, 0x00050000 | noSuchCall),
                        new Instruction(0x06, 0, 0, SystemCallFilter.ALLOW)));
        try (Arena arena = Arena.ofConfined()) {
            List<String> variables = System.getenv().entrySet().stream()
                    .map(each -> each.getKey() + "=" + each.getValue())
                    .toList();
            system.call(
                    architecture.calls().execve(),
                    arena.allocateFrom(command[0]).address(),
                    SystemCalls.pointers(arena, List.of(command)).address(),
                    SystemCalls.pointers(arena, variables).address());
        }
        throw new IllegalStateException("execve came back");
    }
}
