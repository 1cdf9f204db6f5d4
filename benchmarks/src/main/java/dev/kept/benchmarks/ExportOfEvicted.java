package dev.kept.benchmarks;

import dev.kept.status.StatusReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** More sessions than memory holds; then one that was evicted is exported, which must be whole, and grows on. */
record ExportOfEvicted(int sessions, int events) implements Scenario {
    private static final Pattern RECORD = Pattern.compile("\"uuid\":\"([^\"]+)\"");
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final String LAST_WORDS = "and these are the last words";

    private WorkloadShape shape() {
        return WorkloadShape.of(sessions, events, 2048);
    }

    @Override
    public String name() {
        return "::export of an evicted session";
    }

    @Override
    public List<String> settings(Path home) {
        return List.of("allowedWriteRoots: [\"" + home.resolve("notes") + "\"]");
    }

    @Override
    public long prepare(Path home) throws IOException {
        Files.createDirectories(home.resolve("notes"));
        return WorkloadGenerator.generate(home, shape()).sessions();
    }

    @Override
    public String then(DaemonUnderTest daemon, Path home) throws IOException, InterruptedException {
        StatusReport.Evictions evictions = daemon.status().memory().snapshots().evictions();
        if (!evictions.byReason().containsKey("memory_pressure")) {
            return "nothing was evicted";
        }
        // What was modified first is read last: the newest session was evicted first.
        SessionLines session = SessionLines.of(shape())[sessions - 1];
        Path source = home.resolve(".claude").resolve(session.file());
        String before = Files.readString(source);
        Path export = home.resolve("notes/all.jsonl");
        Files.write(source, session.prompt(LAST_WORDS, Instant.now()), StandardOpenOption.APPEND);
        Files.write(source, session.prompt("::export " + export, Instant.now()), StandardOpenOption.APPEND);
        long deadline = System.nanoTime() + LONGEST.toNanos();
        String exported = "";
        while (!exported.contains(LAST_WORDS) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(100);
            exported = Files.exists(export) ? Files.readString(export) : "";
        }
        String whole = exported;
        List<String> missing = RECORD.matcher(before)
                .results()
                .map((MatchResult found) -> found.group(1))
                .filter(uuid -> !whole.contains(uuid))
                .toList();
        return missing.isEmpty() ? "" : missing.size() + " of " + events + " records are missing in the export";
    }
}
