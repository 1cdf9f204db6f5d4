package dev.kept.daemon.pipeline;

import dev.kept.model.BoundedText;
import dev.kept.status.StatusReport.Problem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The problems shown to people, each once, with the time of its first report. A problem that is not reported again
 * expires: the rescan reports every minute what is still wrong with files. Owned by the pipeline thread.
 */
public final class ProblemBook {
    private static final int MAX_PROBLEMS = 100;
    private static final int MAX_WORDS = 2_000;
    private static final String COMMAND_PENDING = "command.pending";

    private final Clock clock;
    private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();

    private record Entry(Problem problem, Instant fadesAt) {}

    public ProblemBook(Clock clock) {
        this.clock = clock;
    }

    /** Records a problem; the latest message replaces earlier ones. Returns true if the problem is new. */
    public boolean report(String code, String subject, String message, String remedy, Duration fadesAfter) {
        Instant now = clock.instant();
        String key = key(code, subject);
        Entry known = entries.remove(key);
        String words = BoundedText.shortened(message, MAX_WORDS);
        long waiting = code.equals(COMMAND_PENDING) ? 1 : 0;
        Optional<Instant> since =
                known == null ? Optional.of(now) : known.problem().since();
        entries.put(
                key,
                new Entry(
                        new Problem(code, words, BoundedText.shortened(remedy, MAX_WORDS), since, waiting),
                        now.plus(fadesAfter)));
        if (entries.size() > MAX_PROBLEMS) {
            entries.pollFirstEntry();
        }
        return known == null;
    }

    private static String key(String code, String subject) {
        return code + "\n" + BoundedText.key(subject);
    }

    public void clear(String code, String subject) {
        entries.remove(key(code, subject));
    }

    public List<Problem> list() {
        Instant now = clock.instant();
        entries.values().removeIf(entry -> entry.fadesAt().isBefore(now));
        List<Problem> problems = new ArrayList<>();
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            problems.add(entry.getValue().problem());
        }
        return problems;
    }
}
