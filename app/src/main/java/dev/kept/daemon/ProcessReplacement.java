package dev.kept.daemon;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Map;

/**
 * Turns this process into another program.
 *
 * <p>On Linux by {@code execve}: pid, standard streams and whatever confines the process stay, and the memory of this
 * Java runtime is gone, so that one process is left where a parent and its child would be two. Elsewhere the program is a
 * child, and this process waits for it and ends as it ended.
 */
final class ProcessReplacement {
    private ProcessReplacement() {}

    /** Returns only the exit code of a child, or throws; after a replacement there is nobody to return to. */
    static int become(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        if (System.getProperty("os.name").equals("Linux")) {
            throw new IOException("could not become " + command.getFirst() + ": " + execve(command, environment));
        }
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process child = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(child::destroy));
        return child.waitFor();
    }

    /** Does everything but replace the process. */
    static void rehearse() {
        execveHandle();
    }

    // The launcher enables native access: no other way leads to execve.
    @SuppressWarnings("restricted")
    private static MethodHandle execveHandle() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("execve"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
                Linker.Option.captureCallState("errno"));
    }

    private static String execve(List<String> command, Map<String, String> environment) {
        StructLayout state = Linker.Option.captureStateLayout();
        VarHandle errno = state.varHandle(MemoryLayout.PathElement.groupElement("errno"));
        MethodHandle execve = execveHandle();
        List<String> variables = environment.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .toList();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = arena.allocate(state);
            int result = (int) execve.invokeExact(
                    captured,
                    arena.allocateFrom(command.getFirst()),
                    pointers(arena, command),
                    pointers(arena, variables));
            return "execve returned " + result + ", errno " + (int) errno.get(captured, 0L);
        } catch (Throwable e) {
            throw new IllegalStateException("execve cannot be called", e);
        }
    }

    private static MemorySegment pointers(Arena arena, List<String> texts) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(texts.get(i)));
        }
        array.setAtIndex(ValueLayout.ADDRESS, texts.size(), MemorySegment.NULL);
        return array;
    }
}
