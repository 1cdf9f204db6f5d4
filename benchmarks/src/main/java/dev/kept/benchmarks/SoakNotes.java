package dev.kept.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The notes of one conversation: what each must hold by the rules that are written down for people, and whether it
 * does. Owned by one thread.
 */
final class SoakNotes {
    private static final Pattern TURN = Pattern.compile("\\bturn-[a-z0-9]+-\\d+\\b");

    /** What is wrong with the notes of conversations. */
    record Judgement(int notes, int expected, int lost, int doubled, int outOfOrder) {
        static final Judgement NONE = new Judgement(0, 0, 0, 0, 0);

        Judgement plus(Judgement other) {
            return new Judgement(
                    notes + other.notes,
                    expected + other.expected,
                    lost + other.lost,
                    doubled + other.doubled,
                    outOfOrder + other.outOfOrder);
        }

        boolean isGood() {
            return lost + doubled + outOfOrder == 0;
        }
    }

    private final List<String> said = new ArrayList<>();
    private final Map<Path, List<String>> wanted = new LinkedHashMap<>();
    private Optional<Path> primary = Optional.empty();
    private boolean recording;

    /** A turn was said, which has a word of its own. */
    void said(String turn) {
        said.add(turn);
        if (recording) {
            wanted.computeIfAbsent(primary.orElseThrow(), _ -> new ArrayList<>())
                    .add(turn);
        }
    }

    /** How many turns were said. */
    int turns() {
        return said.size();
    }

    boolean hasPrimary() {
        return primary.isPresent();
    }

    boolean areRecorded() {
        return recording;
    }

    /** All that was said stands in that note, and what is said from now on. */
    void capture(Path note) {
        export(note);
        primary = Optional.of(note);
        recording = true;
    }

    /** All that was said stands in that note. */
    void export(Path note) {
        wanted.put(note, new ArrayList<>(said));
    }

    /** That note is there, and nothing is recorded. */
    void init(Path note) {
        wanted.put(note, new ArrayList<>());
        primary = Optional.of(note);
        recording = false;
    }

    /** What is said from now on stands in the note that was named last. */
    void record() {
        recording = true;
    }

    void stop() {
        recording = false;
    }

    /**
     * Compares each note with what it must hold.
     *
     * @param source the conversation's file, for people
     * @param wrong is told of each note that is not right, and how
     */
    Judgement judge(Path source, List<String> wrong) throws IOException {
        Judgement all = Judgement.NONE;
        for (Map.Entry<Path, List<String>> each : wanted.entrySet()) {
            List<String> written = written(each.getKey());
            List<String> turns = each.getValue();
            Set<String> once = new HashSet<>(written);
            int lost = (int) turns.stream().filter(turn -> !once.contains(turn)).count();
            int doubled = written.size() - once.size();
            List<String> known = turns.stream().filter(once::contains).toList();
            int outOfOrder = known.equals(written.stream().distinct().toList()) ? 0 : 1;
            Judgement one = new Judgement(1, turns.size(), lost, doubled, outOfOrder);
            if (!one.isGood()) {
                wrong.add("%s of %s: %d turns of %d lost, %d doubled, %d out of order or not wanted; first %s"
                        .formatted(
                                each.getKey(),
                                source,
                                lost,
                                turns.size(),
                                doubled,
                                outOfOrder,
                                firstDifference(turns, written)));
            }
            all = all.plus(one);
        }
        return all;
    }

    private static String firstDifference(List<String> wanted, List<String> written) {
        int at = 0;
        while (at < wanted.size() && at < written.size() && wanted.get(at).equals(written.get(at))) {
            at++;
        }
        return (at < wanted.size() ? wanted.get(at) : "nothing") + " wanted, "
                + (at < written.size() ? written.get(at) : "nothing") + " there";
    }

    private static List<String> written(Path note) throws IOException {
        if (!Files.exists(note)) {
            return List.of();
        }
        StringBuilder text = new StringBuilder();
        for (String line : Files.readString(note).lines().toList()) {
            if (!line.startsWith("title: ") && !line.startsWith("# ") && !line.startsWith("<summary>")) {
                text.append(line).append('\n');
            }
        }
        return TURN.matcher(text).results().map(MatchResult::group).toList();
    }
}
