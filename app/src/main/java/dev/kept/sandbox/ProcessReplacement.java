package dev.kept.sandbox;

import dev.kept.config.KeptHome;
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
import java.util.Optional;

/**
 * The replacement of this process by another program, confined.
 *
 * <p>On Linux by {@code execve}: pid, standard streams and confinement stay, and the memory of this Java runtime is
 * released, so that there is one process instead of a parent and its child. Elsewhere the program is a child; this
 * process waits for it and returns its exit code.
 */
public final class ProcessReplacement {
    private ProcessReplacement() {}

    /**
     * Confines this process and becomes the program. Records the restrictions in force for the program to read.
     *
     * @param launch identity by which the program knows its launch
     * @return only the exit code of a child; a replacement does not return
     * @throws IOException if the sandbox is required and cannot be applied, or the program cannot be started
     */
    public static int become(
            List<String> command,
            Map<String, String> environment,
            Sandbox sandbox,
            SandboxRules rules,
            KeptHome home,
            String launch)
            throws IOException, InterruptedException {
        if (System.getProperty("os.name").equals("Linux")) {
            // Created before the process is confined, and only where needed: each such handle takes a while.
            Optional<MethodHandle> execve = sandbox.hasPassage() ? Optional.empty() : Optional.of(execveHandle());
            openClassPath();
            Sandbox.Confined confined = sandbox.confine(
                    rules, home.handedSocket(ProcessHandle.current().pid()));
            confined.inForce().write(home, launch);
            throw new IOException(
                    "could not become " + command.getFirst() + ": " + execve(execve, command, environment, confined));
        }
        sandbox.confine(rules, home.handedSocket(ProcessHandle.current().pid()))
                .inForce()
                .write(home, launch);
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process child = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(child::destroy));
        return child.waitFor();
    }

    /**
     * Does everything but confine and replace the process, so that its classes are in the AOT cache of later starts.
     */
    public static void train(List<String> command, Map<String, String> environment, SandboxRules rules, KeptHome home)
            throws IOException {
        Sandbox.train(rules).inForce().write(home, "");
        openClassPath();
        try (Arena arena = Arena.ofConfined()) {
            SystemCalls.pointers(arena, command);
            SystemCalls.pointers(arena, variables(environment));
        }
    }

    /**
     * Opens all jars of the class path, by looking up a resource that none of them has: once the process is confined,
     * they could not be opened for a class that is needed then.
     */
    private static void openClassPath() {
        ClassLoader.getSystemResource("dev/kept/none");
    }

    // Native access is enabled by the launcher: there is no other way to call execve.
    @SuppressWarnings("restricted")
    private static MethodHandle execveHandle() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("execve"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
                Linker.Option.captureCallState("errno"));
    }

    private static List<String> variables(Map<String, String> environment) {
        return environment.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .toList();
    }

    private static String execve(
            Optional<MethodHandle> execve,
            List<String> command,
            Map<String, String> environment,
            Sandbox.Confined confined) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = SystemCalls.text(arena, command.getFirst());
            MemorySegment arguments = SystemCalls.pointers(arena, command);
            MemorySegment environ = SystemCalls.pointers(arena, variables(environment));
            if (confined.passage().isPresent()) {
                SystemCalls.Result failed = confined.passage().get().execve(program, arguments, environ);
                return "execve returned " + failed.value() + ", errno " + failed.errno();
            }
            StructLayout state = Linker.Option.captureStateLayout();
            VarHandle errno = state.varHandle(MemoryLayout.PathElement.groupElement("errno"));
            MemorySegment captured = arena.allocate(state);
            int result = (int) execve.orElseThrow().invokeExact(captured, program, arguments, environ);
            return "execve returned " + result + ", errno " + (int) errno.get(captured, 0L);
        } catch (Throwable e) {
            throw new IllegalStateException("execve cannot be called", e);
        }
    }
}
