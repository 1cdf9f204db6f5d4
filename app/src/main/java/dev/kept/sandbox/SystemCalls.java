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
 * Calls the Linux kernel by number, through the C library's {@code syscall}. What a call changes about the calling thread
 * holds for that thread.
 *
 * <p>What a call points to is written through byte buffers: the handles that a memory segment is read and written with are
 * made anew in each process, and each kind takes milliseconds that a start waits for.
 */
final class SystemCalls {
    private static final int ARGUMENTS = 6;

    private final MethodHandle syscall;
    private final StructLayout stateLayout = Linker.Option.captureStateLayout();
    private final int errno = Math.toIntExact(stateLayout.byteOffset(MemoryLayout.PathElement.groupElement("errno")));

    // The launcher enables native access: no other way leads to these calls.
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

    /** What a call returned; {@code errno} is 0 when it did not fail. */
    public record Result(long value, int errno) {
        boolean failed() {
            return value == -1;
        }
    }

    /** Makes one call; up to six arguments, those left out are zero. An address is an argument like a number. */
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

    /** The addresses of texts, closed by a zero address, as programs get their arguments. */
    static MemorySegment pointers(Arena arena, List<String> texts) {
        MemorySegment array = arena.allocate((texts.size() + 1L) * Long.BYTES, Long.BYTES);
        ByteBuffer addresses = bytes(array);
        for (String each : texts) {
            addresses.putLong(text(arena, each).address());
        }
        return array;
    }

    /** A text as C has it: in UTF-8, closed by a zero byte. */
    static MemorySegment text(Arena arena, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        MemorySegment memory = arena.allocate(bytes.length + 1L);
        bytes(memory).put(bytes);
        return memory;
    }

    /** The same memory, with this machine's order of bytes. */
    static ByteBuffer bytes(MemorySegment memory) {
        return memory.asByteBuffer().order(ByteOrder.nativeOrder());
    }
}
