package dev.kept.ingest;

import static org.awaitility.Awaitility.await;

import dev.kept.ingest.source.Chunk;
import dev.kept.ingest.source.IngestListener;
import dev.kept.ingest.source.SourceInfo;
import dev.kept.provider.SessionFact;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hears everything and remembers it; complains at once about bytes that come out of order. Thread-safe. */
public final class RecordingListener implements IngestListener {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A problem that was reported. */
    public record Problem(String code, Path path, String message) {}

    private static final class Heard {
        final List<ByteArrayOutputStream> generations = new ArrayList<>(List.of(new ByteArrayOutputStream()));
        final List<String> rewrites = new ArrayList<>();
        boolean present;
    }

    private final Map<Path, Instant> created = new HashMap<>();
    private final Map<Integer, Heard> sources = new HashMap<>();

    /** Which source stands, or stood, at a path. */
    private final Map<Path, Integer> places = new HashMap<>();

    private final List<Path> order = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private @Nullable FileCounts counts;
    private @Nullable String complaint;
    private long idles;

    /** How old the source is, as it was told last. */
    synchronized Instant createdAt(Path path) {
        return Objects.requireNonNull(created.get(path));
    }

    @Override
    public synchronized void found(SourceInfo source, List<SessionFact> noted) {
        places.put(source.path(), source.number());
        created.put(source.path(), source.createdAt());
        if (sources.put(source.number(), new Heard()) != null) {
            complain("found twice: " + source.path());
        }
    }

    @Override
    public void opaque(SourceInfo source) {}

    @Override
    public synchronized void bytes(SourceInfo source, int generation, long offset, Chunk chunk) {
        Heard heard = heard(source);
        if (heard == null || heard.generations.size() != generation) {
            complain("bytes of generation " + generation + " out of turn: " + source.path());
        } else if (heard.generations.getLast().size() != offset) {
            complain("a gap before " + offset + " of " + source.path());
        } else {
            heard.generations.getLast().write(chunk.bytes(), 0, chunk.length());
        }
        order.add(source.path());
        chunk.release();
    }

    @Override
    public synchronized void rewritten(SourceInfo source, int generation, String why) {
        Heard heard = heard(source);
        if (heard == null || heard.generations.size() != generation - 1) {
            complain("generation " + generation + " out of turn: " + source.path());
        } else {
            heard.generations.add(new ByteArrayOutputStream());
            heard.rewrites.add(why);
        }
    }

    @Override
    public synchronized void presence(SourceInfo source, boolean present, long modifiedAtMs) {
        Heard heard = heard(source);
        if (heard == null) {
            complain("presence of a source that was not found: " + source.path());
        } else {
            heard.present = present;
        }
    }

    @Override
    public synchronized void counted(FileCounts now) {
        counts = now;
    }

    @Override
    public synchronized void problem(String code, Path path, String message) {
        problems.add(new Problem(code, path, message));
    }

    @Override
    public synchronized void idle() {
        idles++;
    }

    private @Nullable Heard heard(SourceInfo source) {
        places.put(source.path(), source.number());
        return sources.get(source.number());
    }

    private void complain(String about) {
        if (complaint == null) {
            complaint = about;
        }
    }

    /** What was out of order, if anything was. */
    synchronized Optional<String> complaint() {
        return Optional.ofNullable(complaint);
    }

    synchronized boolean heardOf(Path path) {
        return places.containsKey(path);
    }

    /** The bytes of each generation that were handed on. */
    synchronized List<byte[]> generations(Path path) {
        Heard heard = sources.get(places.getOrDefault(path, -1));
        return heard == null
                ? List.of()
                : heard.generations.stream()
                        .map(ByteArrayOutputStream::toByteArray)
                        .toList();
    }

    /** The bytes of the newest generation, as text. */
    synchronized String text(Path path) {
        List<byte[]> all = generations(path);
        return all.isEmpty() ? "" : new String(all.getLast(), java.nio.charset.StandardCharsets.UTF_8);
    }

    synchronized List<String> rewrites(Path path) {
        Heard heard = sources.get(places.getOrDefault(path, -1));
        return heard == null ? List.of() : List.copyOf(heard.rewrites);
    }

    public synchronized boolean present(Path path) {
        Heard heard = sources.get(places.getOrDefault(path, -1));
        return heard != null && heard.present;
    }

    /** The sources in the order in which chunks of them came. */
    public synchronized List<Path> order() {
        return List.copyOf(order);
    }

    public synchronized List<Problem> problems() {
        return List.copyOf(problems);
    }

    synchronized Optional<FileCounts> counts() {
        return Optional.ofNullable(counts);
    }

    synchronized long idles() {
        return idles;
    }

    public void awaitText(Path path, String text) {
        await().pollInterval(Duration.ofMillis(10)).atMost(PATIENCE).until(() -> text(path), text::equals);
    }

    public void awaitProblem(String code, Path path) {
        await().pollInterval(Duration.ofMillis(10))
                .atMost(PATIENCE)
                .until(() -> problems().stream()
                        .anyMatch(problem ->
                                problem.code().equals(code) && problem.path().equals(path)));
    }

    void awaitPresent(Path path, boolean present) {
        await().pollInterval(Duration.ofMillis(10)).atMost(PATIENCE).until(() -> present(path), now -> now == present);
    }

    void awaitHeardOf(Path path) {
        await().pollInterval(Duration.ofMillis(10)).atMost(PATIENCE).until(() -> heardOf(path));
    }

    void awaitIdle(long moreThan) {
        await().pollInterval(Duration.ofMillis(10)).atMost(PATIENCE).until(() -> idles() > moreThan);
    }
}
