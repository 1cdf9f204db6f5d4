package dev.kept.daemon;

import dev.kept.config.KeptHome;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Optional;

/** Asks the daemon of a home. Stateless and thread-safe. */
public final class ControlClient {
    private final KeptHome home;
    private final Duration patience;

    /**
     * A client.
     *
     * @param patience how long an answer may take
     */
    public ControlClient(KeptHome home, Duration patience) {
        this.home = home;
        this.patience = patience;
    }

    /**
     * The daemon's answer; empty if no daemon listens.
     *
     * @throws IOException if a daemon listens but does not answer in time or in full
     */
    public Optional<String> ask(ControlRequest request) throws IOException {
        if (!Files.exists(home.controlSocket())) {
            return Optional.empty();
        }
        SocketChannel channel;
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(home.controlSocket()));
        } catch (ConnectException | NoSuchFileException nobodyListens) {
            return Optional.empty();
        }
        // A platform thread: the machinery of virtual threads takes longer to start than most answers.
        Thread watchdog = Thread.ofPlatform().daemon().start(() -> closeLate(channel));
        try (channel) {
            ControlFrames.write(channel, request.toJson());
            return Optional.of(ControlFrames.read(channel, ControlFrames.MAX_ANSWER));
        } catch (AsynchronousCloseException e) {
            throw new InterruptedIOException(
                    "the daemon did not answer within " + patience.toSeconds() + " s; try: kept restart");
        } finally {
            watchdog.interrupt();
        }
    }

    private void closeLate(SocketChannel channel) {
        try {
            Thread.sleep(patience);
            channel.close();
        } catch (InterruptedException | IOException e) {
            // Answered in time, or already closed.
        }
    }
}
