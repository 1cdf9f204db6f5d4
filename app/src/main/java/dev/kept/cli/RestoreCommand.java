package dev.kept.cli;

import dev.kept.archive.Restoration;
import dev.kept.archive.StoredSession;
import dev.kept.archive.StoredTape;
import dev.kept.cli.Commands.Action;
import dev.kept.daemon.ExitCode;
import dev.kept.status.HumanWords;
import dev.kept.tape.Generation;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts sessions back. Needs no daemon. */
@Command(
        name = "restore",
        description = "Put a deleted or rewritten session back where its agent looks for it, byte for byte.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  kept restore last                    back where it was, if nothing is there now",
            "  kept restore 7d3f --as-new           beside it, as a session of its own",
            "  kept restore 7d3f --to /tmp/look     into another folder",
            "  kept restore 7d3f --generation 1     as it was before it was first rewritten",
            "",
            "A file that is there is never written over."
        })
final class RestoreCommand implements Action {
    private final Surroundings surroundings;

    @Parameters(arity = "1", paramLabel = "ID", description = SessionIds.HELP)
    private String id = "";

    @Option(names = "--as-new", description = "Under a new session id, which takes the old one's place in the file.")
    private boolean asNew;

    @Option(names = "--to", paramLabel = "DIR", description = "Below this folder instead of where its agent looks.")
    private String to = "";

    @Option(
            names = "--generation",
            paramLabel = "N",
            description = "An earlier state of a session that was rewritten; 1 is the first.")
    private int generation;

    RestoreCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Exception {
        StoredSession session = new SessionFinder(surroundings).stored(id);
        List<Restoration> planned = plan(session);
        boolean several = planned.size() > 1;
        List<Restoration> missing = new ArrayList<>();
        for (Restoration each : planned) {
            if (!Files.exists(each.target(), LinkOption.NOFOLLOW_LINKS)) {
                missing.add(each);
            }
        }
        if (missing.isEmpty() || (missing.size() < planned.size() && !several)) {
            return there(session, planned.getFirst().target());
        }
        long bytes = 0;
        for (Restoration each : missing) {
            bytes += each.length();
        }
        try (ProgressLine progress = new ProgressLine(surroundings, "Restoring")) {
            progress.begin(missing.size(), bytes);
            for (Restoration each : missing) {
                each.carryOut(progress::read);
            }
        } catch (FileAlreadyExistsException appeared) {
            return there(session, Path.of("" + appeared.getMessage()));
        }
        for (Restoration each : missing) {
            surroundings
                    .out()
                    .println("Restored " + surroundings.forPeople(each.target()) + " ("
                            + HumanWords.bytes(each.length()) + ").");
        }
        planned.getFirst().newId().ifPresent(fresh -> surroundings.out().println("Its id is " + fresh.after() + "."));
        return ExitCode.DONE;
    }

    private int there(StoredSession session, Path target) throws IOException {
        boolean rewritten = session.main().card().generations().size() > 1;
        surroundings
                .err()
                .println("kept: " + surroundings.forPeople(target) + " is there already"
                        + (rewritten ? " (it was rewritten; the tape has what it was)" : "")
                        + " and is not written over; put it elsewhere: kept restore "
                        + session.key().sessionId() + " --as-new, or --to DIR");
        return ExitCode.FAILED;
    }

    private List<Restoration> plan(StoredSession session) throws UsageException {
        Optional<Restoration.NewId> newId =
                asNew ? Optional.of(newId(session.key().sessionId())) : Optional.empty();
        List<Restoration> planned = new ArrayList<>();
        for (StoredTape tape : session.tapes()) {
            int newest = tape.card().newest().number();
            if (generation < 0 || (generation > newest && tape.isMainLine())) {
                throw new UsageException("this session has the generations 1 to " + newest);
            }
            Generation chosen = tape.card().generation(generation == 0 ? newest : Math.min(generation, newest));
            Path source = tape.card().path();
            Path target = to.isEmpty()
                    ? source
                    : surroundings.path(to).resolve(tape.card().root().relativize(source));
            planned.add(new Restoration(
                    tape,
                    chosen,
                    newId.map(fresh -> Path.of(target.toString().replace(fresh.before(), fresh.after())))
                            .orElse(target),
                    newId));
        }
        if (asNew && planned.getFirst().target().equals(session.main().card().path())) {
            throw new UsageException("this session's file is not named after its id, so that a new one cannot be"
                    + " made of it; put it elsewhere with --to DIR");
        }
        return planned;
    }

    private static Restoration.NewId newId(String before) throws UsageException {
        String after = UUID.randomUUID().toString();
        if (before.length() != after.length()) {
            throw new UsageException("the id " + before + " is not of the kind that a new one can be made for");
        }
        return new Restoration.NewId(before, after);
    }
}
