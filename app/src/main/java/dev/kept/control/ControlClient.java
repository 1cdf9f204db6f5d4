package dev.kept.control;

import dev.kept.config.KeptHome;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.MalformedJsonException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A client of the daemon of a home. Stateless and thread-safe. */
public final class ControlClient {
    private static final Duration AGAIN = Duration.ofMillis(20);
    private static final Duration LONGEST_RELAUNCH = Duration.ofSeconds(15);

    private final KeptHome home;
    private final Duration patience;

    /**
     * Creates a client.
     *
     * @param patience time limit of an answer
     */
    public ControlClient(KeptHome home, Duration patience) {
        this.home = home;
        this.patience = patience;
    }

    /**
     * Returns the daemon's answer; empty if no daemon listens. Waits for one that is being relaunched.
     *
     * @throws IOException if a daemon listens but does not answer in time or in full
     */
    public Optional<String> ask(ControlRequest request) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        Optional<String> answer = askUnlessItEnds(request);
        while (answer.isEmpty() && isRelaunching() && System.nanoTime() - deadline < 0) {
            try {
                Thread.sleep(AGAIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while the daemon starts anew");
            }
            answer = askUnlessItEnds(request);
        }
        return answer;
    }

    /**
     * Asks once. A connection that fails because the daemon is closing its socket counts as no answer, not as a
     * failure.
     */
    private Optional<String> askUnlessItEnds(ControlRequest request) throws IOException {
        try {
            return askOnce(request);
        } catch (InterruptedIOException | ErrorAnswerException e) {
            throw e;
        } catch (IOException e) {
            // A closing daemon shows in many ways: end of stream, reset, broken pipe.
            if (isRelaunching() || !Files.exists(home.controlSocket())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Reports whether the daemon is ending only to be relaunched; false if that has taken too long to be believed. */
    private boolean isRelaunching() {
        try {
            Path marker = home.relaunchingFile();
            return Files.exists(marker)
                    && Files.getLastModifiedTime(marker)
                            .toInstant()
                            .isAfter(Instant.now().minus(LONGEST_RELAUNCH));
        } catch (IOException goneAgain) {
            return true;
        }
    }

    private Optional<String> askOnce(ControlRequest request) throws IOException {
        if (!Files.exists(home.controlSocket())) {
            return Optional.empty();
        }
        SocketChannel channel;
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(home.controlSocket()));
        } catch (ConnectException | NoSuchFileException nobodyListens) {
            return Optional.empty();
        } catch (SocketException e) {
            // The socket was closed, and so deleted, between the check and the connection.
            if (Files.exists(home.controlSocket())) {
                throw e;
            }
            return Optional.empty();
        }
        // A platform thread: the machinery of virtual threads takes longer to start than most answers.
        Thread watchdog = Thread.ofPlatform().daemon().start(() -> closeLate(channel));
        try (channel) {
            ControlFrames.write(channel, request.toJson());
            return Optional.of(checked(ControlFrames.read(channel, ControlFrames.MAX_ANSWER)));
        } catch (AsynchronousCloseException e) {
            throw new InterruptedIOException(
                    "the daemon did not answer within " + patience.toSeconds() + " s; try: kept restart");
        } finally {
            watchdog.interrupt();
        }
    }

    /** Returns an answer unchanged, unless it is an error. */
    private static String checked(String answer) throws ErrorAnswerException {
        if (answer.startsWith("{\"error\":")) {
            try {
                if (JsonReader.parse(answer) instanceof JsonObject object) {
                    throw new ErrorAnswerException(object.stringOr("error", "the daemon has no answer"));
                }
            } catch (MalformedJsonException noError) {
                return answer;
            }
        }
        return answer;
    }

    /** An error reported by the daemon instead of an answer, with the daemon's message. */
    public static final class ErrorAnswerException extends IOException {
        private static final long serialVersionUID = 1L;

        ErrorAnswerException(String message) {
            super(message);
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
