package dev.kept.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.KeptHome;
import dev.kept.ingest.admission.AdmissionRules;
import dev.kept.ingest.seal.SealProgress;
import dev.kept.ingest.source.ChunkPool;
import dev.kept.ingest.source.PathGlob;
import dev.kept.provider.LinkRules;
import dev.kept.provider.Provider;
import dev.kept.tape.ReadingGuard;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.TapeReader;
import dev.kept.tape.packed.UnpackLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/** A root with session files, tapes, and a worker that can be stopped and started again. */
public final class IngestFixture implements AutoCloseable {
    public static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final Provider provider;
    private final String folderOfSessions;
    private final Path root;
    private final Path tapes;
    private final AdmissionRules rules;
    private final ChunkPool pool = new ChunkPool();
    private RecordingListener listener = new RecordingListener();
    private IngestWorker worker;

    public IngestFixture(Path folder) throws IOException {
        this(folder, new TestProvider(), "sessions");
    }

    /** @param sessions where below the root the session files of the tests are */
    public IngestFixture(Path folder, Provider provider, String sessions) throws IOException {
        this(folder, provider, sessions, AdmissionRules.EVERYTHING);
    }

    /** A worker that follows at most so many sources. */
    public static IngestFixture ofAtMost(int sources, Path folder) throws IOException {
        return new IngestFixture(
                folder,
                new TestProvider(),
                "sessions",
                new AdmissionRules(Optional.empty(), List.of(), 0, sources, Optional.empty()));
    }

    /** A worker that keeps nothing of some folder of work. */
    static IngestFixture excluding(Path path, Path folder, Provider provider, String sessions) throws IOException {
        return new IngestFixture(
                folder,
                provider,
                sessions,
                new AdmissionRules(
                        Optional.empty(), List.of(new PathGlob(path)), 0, Integer.MAX_VALUE, Optional.empty()));
    }

    /** A worker whose disk never has the room that must stay free. */
    static IngestFixture onAFullDisk(Path folder) throws IOException {
        return new IngestFixture(
                folder,
                new TestProvider(),
                "sessions",
                new AdmissionRules(Optional.empty(), List.of(), Long.MAX_VALUE, Integer.MAX_VALUE, Optional.empty()));
    }

    /** A worker that unpacks within these limits, with so much room that must stay free. */
    static IngestFixture unpacking(UnpackLimits limits, long minFreeBytes, Path folder) throws IOException {
        return new IngestFixture(
                folder,
                new TestProvider(),
                "sessions",
                new AdmissionRules(
                        Optional.empty(),
                        List.of(),
                        minFreeBytes,
                        Integer.MAX_VALUE,
                        Optional.empty(),
                        limits,
                        LinkRules.NONE));
    }

    /** A worker that follows links into these directories, for an owner whose home is the folder. */
    static IngestFixture following(Path folder, Path... listed) throws IOException {
        Path home = folder.toRealPath();
        Provider provider = new TestProvider();
        LinkRules links = new LinkRules(
                Optional.of(new KeptHome(home.resolve(".kept"), home)),
                Map.of(provider.name(), List.of(new LinkRules.Root(home.resolve("root"), provider.sessionFolders()))),
                Map.of(provider.name(), List.of(listed)));
        return new IngestFixture(folder, provider, "sessions", AdmissionRules.EVERYTHING.with(links));
    }

    /** Where the sessions of the tests are, made by the test itself. */
    Path root() throws IOException {
        return Files.createDirectories(root);
    }

    AdmissionRules rules() {
        return rules;
    }

    private IngestFixture(Path folder, Provider provider, String sessions, AdmissionRules rules) throws IOException {
        this.rules = rules;
        this.provider = provider;
        this.folderOfSessions = sessions;
        this.root = folder.toRealPath().resolve("root");
        this.tapes = folder.toRealPath().resolve("tapes");
        this.worker = newWorker();
    }

    private IngestWorker newWorker() throws IOException {
        return new IngestWorker(
                Map.of(provider, List.of(root)),
                tapes,
                listener,
                pool,
                Clock.fixed(NOW, ZoneOffset.UTC),
                true,
                Map.of(),
                rules,
                ReadingGuard.NONE);
    }

    public RecordingListener listener() {
        return listener;
    }

    public Path tapes() {
        return tapes;
    }

    Map<Provider, List<Path>> roots() {
        return Map.of(provider, List.of(root));
    }

    Path sessions() throws IOException {
        return Files.createDirectories(root.resolve(folderOfSessions));
    }

    Path archive() throws IOException {
        return Files.createDirectories(root.resolve("archive"));
    }

    /** How many tapes there are. */
    public int tapeCount() throws IOException {
        return new TapeLibrary(tapes).tapes(provider.name()).size();
    }

    public Path file(String name) throws IOException {
        return sessions().resolve(name);
    }

    public Path write(String name, String text) throws IOException {
        return Files.writeString(file(name), text);
    }

    /** A file that is there with all its text at once: one that is met empty is a rewrite of its own. */
    void appear(Path file, String text) throws IOException {
        Path whole = Files.writeString(root.resolve("whole"), text);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    }

    public static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    public IngestFixture start() {
        worker.start();
        return this;
    }

    /** Writes a file and starts the worker; all of the file is on tape and was handed on. */
    Path follow(String name, String text) throws IOException {
        Path file = write(name, text);
        start();
        listener.awaitText(file, text);
        return file;
    }

    /** The folder of the tape of a file that its provider gives a lasting name. */
    Path lastingTapeFolder(Path file) {
        return new TapeLibrary(tapes)
                .folder(
                        provider.name(),
                        TapeLibrary.sourceId(provider.stableName(root.relativize(file))
                                .map(root::resolve)
                                .orElse(file)));
    }

    /** Ends the worker and starts another one, with a listener that has heard nothing yet. */
    public void restart() throws IOException {
        stop();
        listener = new RecordingListener();
        worker = newWorker();
        worker.start();
    }

    public void stop() throws IOException {
        worker.close();
        assertThat(listener.complaint()).isEmpty();
    }

    /** Looks at everything, until nothing is left to do. */
    public void settle() {
        long idles = listener.idles();
        worker.requestSweep();
        listener.awaitIdle(idles);
        // What the first sweep found suspect is compared before the worker is idle again.
        idles = listener.idles();
        worker.requestSweep();
        listener.awaitIdle(idles);
    }

    /** Has everything sealed that is handed on, as if it had rested for long; waits for that. */
    void seal() {
        sealSoon();
        awaitSealed();
    }

    /** Has sealed what has rested for so long; waits for that. */
    void sealOnlyOlderThan(Duration rest) {
        worker.seal(rest);
        awaitSealed();
    }

    private void awaitSealed() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !worker.sealing().running());
    }

    /** The same, without waiting. */
    void sealSoon() {
        // The files were written long after the moment that the worker's clock shows.
        worker.seal(Duration.ofDays(-36_500));
    }

    SealProgress sealing() {
        return worker.sealing();
    }

    /** The folder of a file's tape. */
    Path tapeFolder(Path file) {
        return new TapeLibrary(tapes).folder(provider.name(), TapeLibrary.sourceId(file));
    }

    void sweep() {
        worker.requestSweep();
    }

    /** All generations of a file's tape. */
    public List<byte[]> tape(Path file) {
        Path folder = new TapeLibrary(tapes)
                .folder(
                        provider.name(),
                        TapeLibrary.sourceId(provider.stableName(root.relativize(file))
                                .map(root::resolve)
                                .orElse(file)));
        List<byte[]> generations = new ArrayList<>();
        try (TapeReader reader = TapeReader.open(folder)) {
            for (int number = 1; number <= reader.manifest().generations().size(); number++) {
                ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(reader.length(number)) + 1);
                while (reader.read(number, all.position(), all) > 0) {
                    // Until the generation ends.
                }
                generations.add(Arrays.copyOf(all.array(), all.position()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return generations;
    }

    List<String> tapeTexts(Path file) {
        return tape(file).stream().map(bytes -> new String(bytes, UTF_8)).toList();
    }

    /** What was handed on is what is on tape. */
    public void assertHandedOnIsTape(Path file) {
        assertThat(listener.generations(file))
                .usingElementComparator(Arrays::compare)
                .containsExactlyElementsOf(tape(file));
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
