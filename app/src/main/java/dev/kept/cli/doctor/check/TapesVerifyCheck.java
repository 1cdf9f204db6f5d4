package dev.kept.cli.doctor.check;

import dev.kept.archive.SourceState;
import dev.kept.archive.StoredTape;
import dev.kept.archive.TapeCheck;
import dev.kept.status.HumanReadable;
import dev.kept.text.ShellWord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A check that reads all tapes completely and compares them with the agents' files; only on request. */
public record TapesVerifyCheck() implements Check {
    @Override
    public String id() {
        return "tapes.verify";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        if (!kept.wholeTapes()) {
            return List.of();
        }
        List<StoredTape> tapes = kept.tapes().readable();
        kept.progress()
                .begin(
                        tapes.size(),
                        tapes.stream().mapToLong(StoredTape::length).sum());
        TapeCheck check = new TapeCheck();
        List<Finding> findings = new ArrayList<>();
        long well = 0;
        long bytes = 0;
        long records = 0;
        long raw = 0;
        for (StoredTape tape : tapes) {
            Optional<TapeCheck.Result> result = check.check(tape, kept.progress()::read);
            if (result.isEmpty()) {
                continue;
            }
            Optional<Finding> finding = finding(kept, tape, result.get());
            finding.ifPresent(findings::add);
            if (finding.filter(found -> found.severity() == Severity.PROBLEM).isEmpty()) {
                well++;
                bytes += tape.length();
            }
            records += result.get().records();
            raw += result.get().raw();
        }
        findings.add(Finding.ok("verified: " + HumanReadable.count(well, "tape") + " read whole and well, "
                + HumanReadable.bytes(bytes) + ", " + HumanReadable.count(records, "record") + ", "
                + HumanReadable.grouped(raw) + " not understood"));
        return findings;
    }

    private static Optional<Finding> finding(Examined kept, StoredTape tape, TapeCheck.Result result) {
        String folder = kept.forPeople(tape.folder());
        String source = kept.forPeople(tape.manifest().path());
        if (result.trouble().isPresent()) {
            return Optional.of(Finding.problem(folder + ": " + result.trouble().get(), remedy(tape)));
        }
        return switch (result.source()) {
            case SourceState.Same _, SourceState.Grown _, SourceState.Gone _ -> Optional.empty();
            case SourceState.Changed(String where) ->
                Optional.of(Finding.note(source + " was changed since it was copied, and is another one " + where
                        + "; the tape is well, and a running Kept keeps both"));
            case SourceState.Different(String where) ->
                Optional.of(Finding.problem(
                        source + " is another one than its tape " + folder + " " + where
                                + ", although it was not changed since",
                        "leave the tape as it is; while Kept runs, this has it compare both, and keep both: "
                                + touch(tape)));
            case SourceState.Unreadable(String why) ->
                Optional.of(Finding.note(source + " cannot be compared with its tape, which is well: " + why));
        };
    }

    private static String remedy(StoredTape tape) {
        String backup = "leave all in that folder as it is: the rest of it is readable, and a backup of KEPT_HOME"
                + " may have the damaged file as it was";
        return tape.sourcePresent()
                ? backup + ". The agent's file is there: while Kept runs, this has it keep what the tape lost: "
                        + touch(tape)
                : backup;
    }

    /**
     * Returns a command that changes the file's times and nothing else: the daemon compares a changed file completely.
     */
    private static String touch(StoredTape tape) {
        return "touch -c " + ShellWord.of(tape.manifest().path());
    }
}
