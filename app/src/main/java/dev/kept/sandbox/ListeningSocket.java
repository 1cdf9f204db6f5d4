package dev.kept.sandbox;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A listening Unix socket, created by the launching process for the program that it becomes. The program finds it as
 * its standard input, and may not create one itself.
 */
record ListeningSocket(int descriptor) {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int WAITING_CLIENTS = 50;

    /** Offset of the path in {@code sockaddr_un}: two bytes of family, then the path and a zero byte. */
    private static final int PATH_OFFSET = 2;

    /**
     * Binds a socket and starts to listen.
     *
     * @throws IOException if the system refuses; the message names the step
     */
    static ListeningSocket at(SystemCalls system, Architecture.Calls calls, Path path) throws IOException {
        int descriptor = (int) checked("socket", system.call(calls.socket(), AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        try (Arena arena = Arena.ofConfined()) {
            byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
            int length = PATH_OFFSET + name.length + 1;
            MemorySegment address = arena.allocate(length, Short.BYTES);
            SystemCalls.bytes(address).putShort((short) AF_UNIX).put(name);
            checked("bind to " + path, system.call(calls.bind(), descriptor, address.address(), length));
            checked("listen", system.call(calls.listen(), descriptor, WAITING_CLIENTS));
        }
        return new ListeningSocket(descriptor);
    }

    /** Makes the socket the standard input of this process and of the program that it becomes. */
    void becomeStandardInput(SystemCalls system, Architecture.Calls calls) throws IOException {
        checked("dup3", system.call(calls.dup3(), descriptor, 0, 0));
    }

    private static long checked(String step, SystemCalls.Result result) throws IOException {
        if (result.failed()) {
            throw new IOException(
                    "the control socket cannot be made: " + step + " failed with errno " + result.errno());
        }
        return result.value();
    }
}
