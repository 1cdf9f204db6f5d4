package dev.kept.control;

import dev.kept.config.KeptHome;
import dev.kept.config.PrivateFiles;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/**
 * A server that answers the command line on a Unix socket that only the owner can open. One request per connection, a
 * virtual thread for each. A client that sends nothing, or does not read its answer, is dropped after a while, and at
 * once when another needs its place: a slow client holds up nobody else.
 *
 * <p>Open it while holding the {@link InstanceLock}: an existing socket file then belongs to a daemon that died, and is
 * removed.
 */
public final class ControlServer implements AutoCloseable {
    /** Limit of open connections; further clients wait in the operating system's queue. */
    private static final int MOST_CONNECTIONS = 32;

    private static final Duration AFTER_TROUBLE = Duration.ofMillis(100);
    private static final Duration RETRY = Duration.ofMillis(50);

    private final Path socket;
    private final ServerSocketChannel server;
    private final boolean inherited;
    private final ControlHandler handler;
    private final Semaphore places = new Semaphore(MOST_CONNECTIONS);
    private final Set<ControlConnection> open = ConcurrentHashMap.newKeySet();

    private final UserPrincipal owner;
    private final ControlFaults faults;
    private final ControlConnection.Limits limits;

    private ControlServer(
            Path socket,
            ServerSocketChannel server,
            boolean inherited,
            UserPrincipal owner,
            ControlHandler handler,
            ControlListener listener,
            ControlConnection.Limits limits) {
        this.socket = socket;
        this.server = server;
        this.inherited = inherited;
        this.owner = owner;
        this.handler = handler;
        this.faults = new ControlFaults(listener);
        this.limits = limits;
    }

    /** Binds the socket of a home whose directories exist, and starts to answer. Faults are not reported. */
    public static ControlServer open(KeptHome home, ControlHandler handler) throws IOException {
        return open(home, handler, ControlListener.NONE);
    }

    /** Binds the socket of a home whose directories exist, and starts to answer this process's own user. */
    public static ControlServer open(KeptHome home, ControlHandler handler, ControlListener listener)
            throws IOException {
        return open(home, handler, listener, ControlConnection.Limits.USUAL);
    }

    /** Binds the socket and answers with these time limits for each client. */
    static ControlServer open(
            KeptHome home, ControlHandler handler, ControlListener listener, ControlConnection.Limits limits)
            throws IOException {
        Path socket = home.controlSocket();
        Optional<ServerSocketChannel> handed = handed(home);
        ServerSocketChannel server = handed.isPresent() ? handed.get() : bind(socket);
        ControlServer control = new ControlServer(
                socket, server, handed.isPresent(), Files.getOwner(socket), handler, listener, limits);
        Thread.ofVirtual().name("control").start(control::accept);
        return control;
    }

    private static ServerSocketChannel bind(Path socket) throws IOException {
        Files.deleteIfExists(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            // Until its rights are restricted, the 0700 directory keeps everybody else away.
            server.bind(UnixDomainSocketAddress.of(socket));
            PrivateFiles.restrict(socket);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /**
     * Returns the socket that the launch bound for this process, which may be forbidden to create one, and removes
     * those that other launches left behind.
     */
    private static Optional<ServerSocketChannel> handed(KeptHome home) throws IOException {
        Path own = home.handedSocket(ProcessHandle.current().pid());
        Optional<ServerSocketChannel> server = Optional.empty();
        if (Files.exists(own) && System.inheritedChannel() instanceof ServerSocketChannel inherited) {
            PrivateFiles.restrict(own);
            // A client that waits for a socket newer than the daemon's other files waits for this moment.
            Files.setLastModifiedTime(own, FileTime.from(Instant.now()));
            Files.move(own, home.controlSocket(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            server = Optional.of(inherited);
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(home.run(), KeptHome.HANDED_SOCKET + "*")) {
            for (Path each : left) {
                Files.deleteIfExists(each);
            }
        }
        return server;
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                ControlConnection connection = new ControlConnection(client, faults, limits);
                reservePlace();
                open.add(connection);
                Thread.ofVirtual().name("control-request").start(() -> serve(connection));
            } catch (ClosedChannelException | InterruptedException e) {
                return;
            } catch (IOException e) {
                // No descriptor left, or the client has disconnected: try again a little later.
                if (!pause()) {
                    return;
                }
            }
        }
    }

    /**
     * Reserves a place for a client. If there is none, ends the connection of the client that the daemon has waited for
     * longest.
     */
    private void reservePlace() throws InterruptedException {
        while (!places.tryAcquire()) {
            open.stream()
                    .filter(each -> each.waitedFor() > limits.patience().toNanos())
                    .max(Comparator.comparingLong(ControlConnection::waitedFor))
                    .ifPresent(slowest ->
                            slowest.end(ControlFaults.Kind.CROWDED, "of " + MOST_CONNECTIONS + " clients at once"));
            if (places.tryAcquire(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(AFTER_TROUBLE);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void serve(ControlConnection connection) {
        Thread watch = Thread.ofVirtual().name("control-deadline").start(connection::watch);
        try (SocketChannel client = connection.channel()) {
            if (isOwner(client)) {
                answer(connection, client);
            }
        } catch (ProtocolException e) {
            connection.end(ControlFaults.Kind.MALFORMED, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            // Not counted again if the daemon itself ended it.
            connection.end(ControlFaults.Kind.GONE, e.getClass().getSimpleName());
        } catch (RuntimeException e) {
            connection.end(ControlFaults.Kind.FAILED, e.getClass().getSimpleName());
        } finally {
            watch.interrupt();
            open.remove(connection);
            places.release();
        }
    }

    private void answer(ControlConnection connection, SocketChannel client) throws IOException {
        Optional<ControlRequest> request = ControlRequest.read(ControlFrames.read(client, ControlFrames.MAX_REQUEST));
        connection.enter(ControlConnection.Stage.HANDLING);
        ControlAnswer answer = request.map(this::handle).orElseGet(() -> {
            faults.count(ControlFaults.Kind.UNKNOWN, "");
            return ControlAnswer.of("{\"error\":\"this daemon does not know the request; run: kept restart\"}");
        });
        connection.enter(ControlConnection.Stage.ANSWER);
        ControlFrames.write(client, answer);
    }

    /**
     * Reports whether a client is the owner's. The rights of the socket file keep others away; this check holds even if
     * somebody widened them.
     */
    private boolean isOwner(SocketChannel client) throws IOException {
        UserPrincipal user = client.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        if (user.equals(owner)) {
            return true;
        }
        faults.countRefused(user.getName());
        return false;
    }

    private ControlAnswer handle(ControlRequest request) {
        try {
            return handler.handle(request);
        } catch (RuntimeException e) {
            faults.count(
                    ControlFaults.Kind.FAILED,
                    request.name() + ": " + e.getClass().getSimpleName());
            // The person who asked must get a word, not just a closed connection.
            return ControlAnswer.of("{\"error\":\"the daemon failed to answer ("
                    + e.getClass().getSimpleName() + "); try: kept restart\"}");
        }
    }

    /** Stops answering, ends open connections and removes the socket file. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(socket);
        // Closing an inherited one would close the process's output, too.
        if (!inherited) {
            server.close();
        }
        open.forEach(ControlConnection::close);
    }
}
