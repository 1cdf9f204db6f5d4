package dev.kept.daemon;

import dev.kept.config.KeptHome;
import dev.kept.config.PrivateFiles;
import java.io.IOException;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import jdk.net.ExtendedSocketOptions;

/**
 * Answers the command line on a Unix socket that only the owner can open. One request per connection, a virtual thread
 * for each; who is slow holds up nobody else.
 *
 * <p>Open it while holding the {@link InstanceLock}: a socket file that is already there then belongs to a daemon that
 * died, and is removed.
 */
public final class ControlServer implements AutoCloseable {
    /** More wait in the operating system's queue. */
    private static final int MOST_CONNECTIONS = 32;

    private static final Duration AFTER_TROUBLE = Duration.ofMillis(100);
    private static final Duration TELLING_PAUSE = Duration.ofMinutes(1);

    private final Path socket;
    private final ServerSocketChannel server;
    private final boolean inherited;
    private final ControlHandler handler;
    private final Semaphore places = new Semaphore(MOST_CONNECTIONS);
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    private final UserPrincipal owner;
    private final Refusals refusals;
    private final AtomicLong untold = new AtomicLong();
    private final AtomicLong nextTelling = new AtomicLong(System.nanoTime());

    private ControlServer(
            Path socket,
            ServerSocketChannel server,
            boolean inherited,
            UserPrincipal owner,
            ControlHandler handler,
            Refusals refusals) {
        this.socket = socket;
        this.server = server;
        this.inherited = inherited;
        this.owner = owner;
        this.handler = handler;
        this.refusals = refusals;
    }

    /** Hears who was refused. Called on several threads at once. */
    @FunctionalInterface
    public interface Refusals {
        /**
         * Somebody else than the owner connected.
         *
         * @param user a name, or a number where there is no name
         * @param times how often since this was called last
         */
        void refused(String user, long times);
    }

    /** Binds the socket of a home whose directories exist, and begins to answer. Who is refused is told to nobody. */
    public static ControlServer open(KeptHome home, ControlHandler handler) throws IOException {
        return open(home, handler, (_, _) -> {});
    }

    /** Binds the socket of a home whose directories exist, and begins to answer this process's own user. */
    public static ControlServer open(KeptHome home, ControlHandler handler, Refusals refusals) throws IOException {
        Path socket = home.controlSocket();
        Optional<ServerSocketChannel> handed = handed(home);
        ServerSocketChannel server = handed.isPresent() ? handed.get() : bind(socket);
        ControlServer control =
                new ControlServer(socket, server, handed.isPresent(), Files.getOwner(socket), handler, refusals);
        Thread.ofVirtual().name("control").start(control::accept);
        return control;
    }

    private static ServerSocketChannel bind(Path socket) throws IOException {
        Files.deleteIfExists(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            // Between these two lines the 0700 directory keeps everybody else away.
            server.bind(UnixDomainSocketAddress.of(socket));
            PrivateFiles.restrict(socket);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /**
     * Takes the socket that the launch bound for this process, which may be forbidden to make one, and removes what other
     * launches left behind.
     */
    private static Optional<ServerSocketChannel> handed(KeptHome home) throws IOException {
        Path own = home.handedSocket(ProcessHandle.current().pid());
        Optional<ServerSocketChannel> server = Optional.empty();
        if (Files.exists(own) && System.inheritedChannel() instanceof ServerSocketChannel inherited) {
            PrivateFiles.restrict(own);
            // Who waits for a socket that is newer than the daemon's other files waits for this moment.
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
                places.acquire();
                SocketChannel client = server.accept();
                open.add(client);
                Thread.ofVirtual().name("control-request").start(() -> answer(client));
            } catch (ClosedChannelException | InterruptedException e) {
                return;
            } catch (IOException e) {
                // No descriptor left, or the client went away again: the next one may be luckier, a little later.
                places.release();
                if (!pause()) {
                    return;
                }
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

    private void answer(SocketChannel client) {
        try (client) {
            if (!isOwner(client)) {
                return;
            }
            Optional<ControlRequest> request =
                    ControlRequest.read(ControlFrames.read(client, ControlFrames.MAX_REQUEST));
            ControlAnswer answer = request.map(this::handle)
                    .orElse(ControlAnswer.of(
                            "{\"error\":\"this daemon does not know the request; run: kept restart\"}"));
            ControlFrames.write(client, answer);
        } catch (IOException | RuntimeException e) {
            // The client went away, perhaps in the middle of its answer, or spoke nonsense; there is nobody to tell.
        } finally {
            open.remove(client);
            places.release();
        }
    }

    /** The rights of the file keep others away; this holds even if somebody widened them. */
    private boolean isOwner(SocketChannel client) throws IOException {
        UserPrincipal user = client.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        if (user.equals(owner)) {
            return true;
        }
        long times = untold.incrementAndGet();
        long due = nextTelling.get();
        long now = System.nanoTime();
        // Counted, so that nobody can push other entries out of the audit log by knocking.
        if (now - due >= 0 && nextTelling.compareAndSet(due, now + TELLING_PAUSE.toNanos())) {
            untold.addAndGet(-times);
            refusals.refused(user.getName(), times);
        }
        return false;
    }

    private ControlAnswer handle(ControlRequest request) {
        try {
            return handler.handle(request);
        } catch (RuntimeException e) {
            // The person who asked must not be left with a closed connection and no word.
            return ControlAnswer.of("{\"error\":\"the daemon failed to answer ("
                    + e.getClass().getSimpleName() + "); try: kept restart\"}");
        }
    }

    /** Stops answering, ends open connections and removes the socket file. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(socket);
        // Closing one that was inherited would close the process's output, too.
        if (!inherited) {
            server.close();
        }
        for (SocketChannel client : open) {
            client.close();
        }
    }
}
