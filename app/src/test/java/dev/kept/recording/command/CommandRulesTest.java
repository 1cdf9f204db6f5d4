package dev.kept.recording.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.kept.command.InChatCommand;
import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.recording.command.CommandRules.Decision;
import dev.kept.recording.journal.JournalEntry;
import dev.kept.recording.journal.JournalEntry.CommandDecided;
import dev.kept.recording.journal.JournalEntry.CommandDecided.Outcome;
import dev.kept.recording.journal.JournalEntry.DestinationSet;
import dev.kept.recording.journal.JournalEntry.RecordingBounded;
import dev.kept.recording.journal.JournalEntry.RecordingStarted;
import dev.kept.recording.journal.JournalEntry.SourceLeft;
import dev.kept.recording.journal.SessionJournal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandRulesTest {
    private static final SessionKey SESSION = new SessionKey("claude", "s");
    private static final Instant NOW = Instant.parse("2026-03-04T12:00:00Z");
    private static final TapePosition FIRST = new TapePosition(1, 100, 0);
    private static final TapePosition HERE = new TapePosition(1, 900, 0);
    private static final CommandRules.Subject SUBJECT =
            new CommandRules.Subject("Title", Optional.of(NOW), NOW, List.of());

    /** Commands are one word and a file: {@code capture A}; states are what a person said before. */
    private static final String TRANSITIONS = """
            nothing           | init A    | DONE   | destination A, start s-1 PREPARATION A here, end s-1 here
            nothing           | record A  | DONE   | destination A, start s-1 RECORDING A here
            nothing           | capture A | DONE   | destination A, start s-1 RECORDING A from the start
            nothing           | export A  | DONE   | start s-1 EXPORT A from the start, end s-1 here
            nothing           | stop      | FAILED | nothing
            init A            | record A  | DONE   | destination A, start s-2 RECORDING A here
            init A            | stop      | FAILED | nothing
            init A            | init B    | DONE   | destination B, start s-2 PREPARATION B here, end s-2 here
            init A            | capture A | DONE   | destination A, start s-2 RECORDING A from the start
            init A            | export B  | DONE   | start s-2 EXPORT B from the start, end s-2 here
            record A          | init B    | DONE   | end s-1 here, destination B, start s-2 PREPARATION B here, end s-2 here
            record A          | record A  | DONE   | nothing
            record A          | capture A | DONE   | end s-1 here, destination A, start s-2 RECORDING A from the start
            record A          | capture B | DONE   | end s-1 here, destination B, start s-2 RECORDING B from the start
            record A          | export B  | DONE   | start s-2 EXPORT B from the start, end s-2 here
            record A          | stop      | DONE   | end s-1 here
            capture A         | capture A | DONE   | nothing
            capture A         | capture B | DONE   | end s-1 here, destination B, start s-2 RECORDING B from the start
            capture A         | stop      | DONE   | end s-1 here
            capture A         | init B    | DONE   | end s-1 here, destination B, start s-2 PREPARATION B here, end s-2 here
            capture A         | record A  | DONE   | nothing
            capture A         | export B  | DONE   | start s-2 EXPORT B from the start, end s-2 here
            capture A;stop    | record A  | DONE   | destination A, start s-2 RECORDING A here
            capture A;stop    | capture A | DONE   | destination A, start s-2 RECORDING A from the start
            capture A;stop    | stop      | FAILED | nothing
            capture A;stop    | init B    | DONE   | destination B, start s-2 PREPARATION B here, end s-2 here
            capture A;stop    | export B  | DONE   | start s-2 EXPORT B from the start, end s-2 here
            """;

    private static final List<String> STATES = List.of("nothing", "init A", "record A", "capture A", "capture A;stop");

    @Test
    void everyCommandHasARowInEveryState() {
        for (String state : STATES) {
            for (String verb : List.of("init", "record", "capture", "export", "stop")) {
                assertThat(TRANSITIONS
                                .lines()
                                .filter(row -> row.matches(Pattern.quote(state) + " *\\| " + verb + "\\b.*")))
                        .as(state + ", then " + verb)
                        .isNotEmpty();
            }
        }
    }

    @ParameterizedTest(name = "{0}, then {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = TRANSITIONS)
    void eachCommandInEachState(String before, String command, Outcome outcome, String consequences) {
        SessionJournal journal = new SessionJournal();
        for (String earlier : before.equals("nothing") ? new String[0] : before.split(";", -1)) {
            decide(journal, earlier, FIRST).consequences().forEach(journal::apply);
        }

        Decision decision = decide(journal, command, HERE);

        assertThat(decision.outcome()).isEqualTo(outcome);
        String words =
                decision.consequences().stream().map(CommandRulesTest::words).collect(Collectors.joining(", "));
        assertThat(words.isEmpty() ? "nothing" : words).isEqualTo(consequences);
    }

    @Test
    void aCommandThatNamesNoFileMeansThePrimaryDestination() {
        SessionJournal journal = new SessionJournal();
        journal.apply(new DestinationSet(Path.of("/notes/A.md")));
        CommandRules rules = new CommandRules(SESSION, journal, "tape", HERE);

        assertThat(rules.argument(new InChatCommand.Capture(Optional.empty()))).contains("/notes/A.md");
        assertThat(rules.argument(new InChatCommand.Capture(Optional.of("B.md"))))
                .contains("B.md");
        assertThat(rules.argument(new InChatCommand.Initialize(Optional.empty())))
                .contains("/notes/A.md");
        assertThat(rules.argument(new InChatCommand.StartRecording())).contains("/notes/A.md");
    }

    @Test
    void onlyAnOrderThatWasObeyedOvertakesOneThatWaits() {
        SessionJournal journal = new SessionJournal();
        InChatCommand waiting = new InChatCommand.Capture(Optional.of("A.md"));
        CommandRules rules = new CommandRules(SESSION, journal, "tape", FIRST);

        journal.apply(new CommandDecided("k1", "stop", Outcome.FAILED, "nothing is being recorded", "tape", HERE, NOW));
        assertThat(rules.withoutFile(waiting)).isEmpty();

        journal.apply(new CommandDecided("k2", "capture", Outcome.DONE, "recording", "tape", HERE, NOW));
        assertThat(rules.withoutFile(waiting))
                .hasValueSatisfying(decision -> assertThat(decision.outcome()).isEqualTo(Outcome.FAILED));
        assertThat(rules.withoutFile(new InChatCommand.Export("B.md"))).isEmpty();
    }

    @Test
    void whatBeginsWithTheConversationHoldsTheSourcesBeforeToo() {
        CommandRules.Subject subject = new CommandRules.Subject(
                "Title",
                Optional.of(NOW),
                NOW,
                List.of(new SourceLeft("first", HERE), new SourceLeft("second", FIRST)));
        SessionJournal journal = new SessionJournal();
        journal.apply(new SourceLeft("first", HERE));
        CommandRules rules = new CommandRules(SESSION, journal, "third", FIRST);
        Path file = Path.of("/notes/A.md");
        List<JournalEntry> consequences = rules.withFile(new InChatCommand.Capture(Optional.of("A.md")), file, subject)
                .consequences();
        consequences.forEach(journal::apply);

        assertThat(journal.open())
                .extracting(
                        open -> open.plan().recordingId(),
                        open -> open.plan().sourceId(),
                        open -> open.plan().from(),
                        SessionJournal.Open::until)
                .containsExactly(
                        tuple("s-1", "first", TapePosition.START, Optional.of(HERE)),
                        tuple("s-2", "second", TapePosition.START, Optional.of(FIRST)),
                        tuple("s-3", "third", TapePosition.START, Optional.empty()));
        assertThat(journal.left()).containsExactlyInAnyOrder("first", "second");
        assertThat(journal.following())
                .hasValueSatisfying(
                        open -> assertThat(journal.isWhole(open.plan())).isTrue());
        assertThat(rules.withFile(new InChatCommand.StartRecording(), file, subject)
                        .consequences())
                .as("from here on: only this source")
                .hasSize(2);
    }

    private static Decision decide(SessionJournal journal, String words, TapePosition boundary) {
        String[] parts = words.split(" ", -1);
        Path file = Path.of("/notes/" + (parts.length > 1 ? parts[1] : "none") + ".md");
        InChatCommand command = switch (parts[0]) {
            case "init" -> new InChatCommand.Initialize(Optional.of(file.toString()));
            case "record" -> new InChatCommand.StartRecording();
            case "capture" -> new InChatCommand.Capture(Optional.of(file.toString()));
            case "export" -> new InChatCommand.Export(file.toString());
            case "stop" -> new InChatCommand.Stop();
            default -> throw new IllegalArgumentException(words);
        };
        CommandRules rules = new CommandRules(SESSION, journal, "tape", boundary);
        return rules.withoutFile(command).orElseGet(() -> rules.withFile(command, file, SUBJECT));
    }

    private static String words(JournalEntry entry) {
        return switch (entry) {
            case DestinationSet set -> "destination " + name(set.path());
            case RecordingStarted started ->
                "start " + started.plan().recordingId() + " " + started.plan().purpose() + " "
                        + name(started.plan().path())
                        + (started.plan().from().equals(TapePosition.START) ? " from the start" : " here");
            case RecordingBounded bounded -> "end " + bounded.recordingId() + " here";
            default -> throw new AssertionError("not expected: " + entry);
        };
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName()).replace(".md", "");
    }

    @Test
    void theRecordingThatEndsIsTheOneThatFollows() {
        SessionJournal journal = new SessionJournal();
        decide(journal, "record A", FIRST).consequences().forEach(journal::apply);

        assertThat(decide(journal, "stop", HERE).consequences()).isEqualTo(List.of(new RecordingBounded("s-1", HERE)));
    }
}
