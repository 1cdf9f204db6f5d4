package dev.kept.tape;

import dev.kept.config.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The sources and sessions that their owner had forgotten: {@code tapes/forgotten}, a line each, with the time and a
 * digest of agent and path or id, which reveals neither. A source with a line here, or of a session with one, is never
 * kept again, even if its agent continues to write it.
 *
 * <p>Read once, when it is opened; the holder of the instance lock appends to it. Not thread-safe.
 */
public final class Tombstones {
    private static final String FILE_NAME = "forgotten";

    /** The prefix of the digest of agent and tape, for a source that its agent moves. */
    private static final String TAPE = "tape ";

    /** The prefix of the digest of agent and session, whose files may appear later. */
    private static final String SESSION = "session ";

    private final Path folder;
    private final Path file;
    private final Set<String> digests = new HashSet<>();

    private Tombstones(Path folder) {
        this.folder = folder;
        this.file = folder.resolve(FILE_NAME);
    }

    /** Opens those of a folder of tapes, which need not exist yet. A line that a crash cut off is ignored. */
    public static Tombstones open(Path tapes) throws IOException {
        Tombstones tombstones = new Tombstones(tapes);
        if (Files.exists(tombstones.file)) {
            for (String line : Files.readAllLines(tombstones.file, StandardCharsets.ISO_8859_1)) {
                tombstones.digests.add(line.substring(line.indexOf(' ') + 1));
            }
        }
        return tombstones;
    }

    /** Reports whether the source must not be kept. */
    public boolean contains(String provider, Path source) {
        return !digests.isEmpty() && digests.contains(digest(provider, source));
    }

    /** Reports whether the source with a tape of that name must not be kept, whatever its path is now. */
    public boolean containsTape(String provider, String sourceId) {
        return !digests.isEmpty() && digests.contains(ofTape(provider, sourceId));
    }

    /** Reports whether a session of that id must not be kept, whatever file belongs to it. */
    public boolean containsSession(String provider, String sessionId) {
        return !digests.isEmpty() && digests.contains(ofSession(provider, sessionId));
    }

    /** Reports whether a session of an agent was forgotten by its id. */
    public boolean haveSessions(String provider) {
        return digests.contains(ofSession(provider, ""));
    }

    /** Returns the number of forgotten sources. */
    public int count() {
        return (int) digests.stream()
                .filter(digest -> !digest.startsWith(TAPE) && !digest.startsWith(SESSION))
                .count();
    }

    private static String ofSession(String provider, String sessionId) {
        return SESSION + digest(provider + "\nsession\n" + sessionId);
    }

    private static String ofTape(String provider, String sourceId) {
        return TAPE + digest(provider + '\n' + sourceId);
    }

    /** Adds sources of one agent; durable afterwards. */
    public void add(String provider, List<Path> sources, Instant now) throws IOException {
        add(sources.stream().map(source -> digest(provider, source)).toList(), now);
    }

    /** Adds a source by the name of its tape; durable afterwards. */
    public void addTape(String provider, String sourceId, Instant now) throws IOException {
        add(List.of(ofTape(provider, sourceId)), now);
    }

    /** Adds a session with all ids that its files name it by, and those of its subagents; durable afterwards. */
    public void addSession(String provider, Collection<String> ids, Instant now) throws IOException {
        // The line of the empty id marks that there are any of that agent.
        add(
                Stream.concat(Stream.of(""), ids.stream())
                        .map(id -> ofSession(provider, id))
                        .toList(),
                now);
    }

    private void add(List<String> added, Instant now) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String digest : added) {
            if (digests.add(digest)) {
                lines.append(now).append(' ').append(digest).append('\n');
            }
        }
        DurableFiles.createDirectories(folder);
        try (FileChannel channel = PrivateFiles.open(
                file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE))) {
            long at = channel.size();
            ByteBuffer last = ByteBuffer.allocate(1);
            if (at > 0 && channel.read(last, at - 1) == 1 && last.get(0) != '\n') {
                lines.insert(0, '\n');
            }
            ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
            channel.force(true);
        }
    }

    private static String digest(String provider, Path source) {
        return digest(provider + '\n' + source);
    }

    private static String digest(String named) {
        try {
            byte[] text = named.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
