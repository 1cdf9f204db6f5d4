package dev.kept.sandbox;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Calls of the Linux kernel by number, through the C library's {@code syscall}. A call that changes the calling thread
 * changes only that thread.
 *
 * <p>Memory that a call points to is written through byte buffers: the handles for access to a memory segment are
 * created anew in each process, and each kind takes milliseconds that a start waits for.
 */
final class SystemCalls {
    private static final int ARGUMENTS = 6;

    private final MethodHandle syscall;
    private final StructLayout stateLayout = Linker.Option.captureStateLayout();
    private final int errno = Math.toIntExact(stateLayout.byteOffset(MemoryLayout.PathElement.groupElement("errno")));

    // Native access is enabled by the launcher: there is no other way to make these calls.
    @SuppressWarnings("restricted")
    SystemCalls() {
        Linker linker = Linker.nativeLinker();
        this.syscall = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG),
                Linker.Option.firstVariadicArg(1),
                Linker.Option.captureCallState("errno"));
    }

    /** The result of a call; {@code errno} is 0 if it did not fail. */
    public record Result(long value, int errno) {
        boolean failed() {
            return value == -1;
        }
    }

    /** Makes a call with up to six arguments; omitted ones are zero. An address is passed like a number. */
    Result call(int number, long... arguments) {
        long[] all = java.util.Arrays.copyOf(arguments, ARGUMENTS);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(stateLayout);
            long value =
                    (long) syscall.invokeExact(state, (long) number, all[0], all[1], all[2], all[3], all[4], all[5]);
            return new Result(value, value == -1 ? bytes(state).getInt(errno) : 0);
        } catch (Throwable e) {
            throw new IllegalStateException("system call " + number + " cannot be made", e);
        }
    }

    /** Returns an array of addresses of texts, ended by a zero address, in the form of a program's arguments. */
    static MemorySegment pointers(Arena arena, List<String> texts) {
        MemorySegment array = arena.allocate((texts.size() + 1L) * Long.BYTES, Long.BYTES);
        ByteBuffer addresses = bytes(array);
        for (String each : texts) {
            addresses.putLong(text(arena, each).address());
        }
        return array;
    }

    /** Returns a text as a C string: in UTF-8, ended by a zero byte. */
    static MemorySegment text(Arena arena, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        MemorySegment memory = arena.allocate(bytes.length + 1L);
        bytes(memory).put(bytes);
        return memory;
    }

    /** Returns a buffer over the memory, in this machine's byte order. */
    static ByteBuffer bytes(MemorySegment memory) {
        return memory.asByteBuffer().order(ByteOrder.nativeOrder());
    }
}
