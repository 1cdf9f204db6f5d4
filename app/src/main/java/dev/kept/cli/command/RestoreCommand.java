package dev.kept.cli.command;

import dev.kept.archive.Restoration;
import dev.kept.archive.SessionArchive;
import dev.kept.archive.StoredSession;
import dev.kept.archive.StoredTape;
import dev.kept.cli.terminal.Action;
import dev.kept.cli.terminal.CliContext;
import dev.kept.cli.terminal.ProgressLine;
import dev.kept.cli.terminal.UsageException;
import dev.kept.control.ExitCode;
import dev.kept.provider.SourceKind;
import dev.kept.query.SessionFinder;
import dev.kept.query.SessionIds;
import dev.kept.status.HumanReadable;
import dev.kept.tape.DamagedTapeException;
import dev.kept.text.ForeignPath;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code kept restore}: restores the files of a session. Needs no daemon. */
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
            "A file that is there is never written over. What is known to be damaged is put back only if you ask for it."
        })
public final class RestoreCommand implements Action {
    private static final String PACKED = ".zst";
    private static final int ID_BEGINNING = 8;

    private final CliContext context;

    @Parameters(arity = "1", paramLabel = "ID", description = SessionIds.HELP)
    private String id = "";

    @Option(names = "--as-new", description = "Under a new session id, which takes the old one's place in the file.")
    private boolean asNew;

    @Option(names = "--to", paramLabel = "DIR", description = "Below this folder instead of where its agent looks.")
    private String to = "";

    @Option(
            names = "--generation",
            paramLabel = "N",
            description = "An earlier state of a file that was rewritten; 1 is the first.")
    private int generation;

    @Option(
            names = "--despite-damage",
            description = "Also where bytes of the copy are known to be damaged: as they are now.")
    private boolean despiteDamage;

    public RestoreCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        StoredSession session = new SessionFinder(context).stored(id);
        List<Restoration> planned = plan(session);
        boolean several = planned.size() > 1;
        List<Restoration> missing = new ArrayList<>();
        for (Restoration each : planned) {
            boolean there = to.isEmpty() && !asNew && each.tape().sourcePresent();
            if (!there && !Files.exists(each.target(), LinkOption.NOFOLLOW_LINKS)) {
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
        Map<Restoration, DamagedTapeException> damaged = new LinkedHashMap<>();
        try (ProgressLine progress = new ProgressLine(context, "Restoring")) {
            progress.begin(missing.size(), bytes);
            for (Restoration each : missing) {
                try {
                    each.carryOut(progress::read);
                } catch (DamagedTapeException e) {
                    damaged.put(each, e);
                }
            }
        } catch (FileAlreadyExistsException appeared) {
            return there(
                    session,
                    ForeignPath.of("" + appeared.getMessage())
                            .orElse(planned.getFirst().target()));
        }
        for (Restoration each : missing) {
            if (!damaged.containsKey(each)) {
                context.out()
                        .println("Restored " + context.forPeople(each.target()) + " ("
                                + HumanReadable.bytes(each.length()) + ").");
            }
        }
        damaged.forEach((each, damage) -> notRestored(session, each, damage));
        if (!damaged.containsKey(planned.getFirst())) {
            planned.getFirst()
                    .newIds()
                    .map(ids -> ids.after().get(session.key().sessionId()))
                    .ifPresent(fresh -> context.out().println("Its id is " + fresh + "."));
        }
        return damaged.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    /**
     * Reports a file that was not restored: one with other bytes than the agent's must not pass for the agent's unless
     * asked for.
     */
    private void notRestored(StoredSession session, Restoration restoration, DamagedTapeException damage) {
        context.err()
                .println("kept: " + context.forPeople(restoration.target()) + " was not restored: "
                        + damage.getMessage()
                        + (despiteDamage
                                ? ""
                                : "\n  → With the damaged bytes as they are, where they can be read: kept restore "
                                        + session.key().sessionId() + " --despite-damage"));
    }

    private int there(StoredSession session, Path target) throws IOException {
        boolean rewritten = Restoration.states(session.main()) > 1;
        context.err()
                .println("kept: " + context.forPeople(target) + " is there already"
                        + (rewritten ? " (it was rewritten; the tape has what it was)" : "")
                        + " and is not written over; put it elsewhere: kept restore "
                        + session.key().sessionId() + " --as-new, or --to DIR");
        return ExitCode.FAILED;
    }

    private List<Restoration> plan(StoredSession session) throws IOException, UsageException {
        if (asNew
                && session.tapes().stream()
                        .anyMatch(tape -> tape.kind().continues().isPresent())) {
            throw new UsageException(
                    "this conversation was handed over to the background, and a copy of it would be taken"
                            + " for another part of it; put it elsewhere with --to DIR");
        }
        Optional<Restoration.NewIds> newIds = asNew ? Optional.of(newIds(session)) : Optional.empty();
        List<Restoration> planned = new ArrayList<>();
        for (StoredTape read : spoken(session)) {
            // A packed file that Kept did not unpack is restored as it was; earlier states by their number.
            Optional<StoredTape> packed = generation == 0 ? read.packed() : Optional.empty();
            if (packed.isPresent() && asNew) {
                throw new UsageException("this session's file is packed and was not unpacked, so that it cannot get a"
                        + " new id; put it elsewhere with --to DIR");
            }
            StoredTape tape = packed.orElse(read);
            int newest = Restoration.states(tape);
            if (generation < 0 || (generation > newest && tape.isMainBranch())) {
                throw new UsageException("of this session there are the states 1 to " + newest);
            }
            Path source = packed.isPresent()
                    ? tape.manifest().path()
                    : unpacked(tape.manifest().path());
            Path target = to.isEmpty()
                    ? source
                    : context.path(to).resolve(tape.manifest().root().relativize(source));
            planned.add(new Restoration(
                    tape,
                    generation == 0 ? newest : Math.min(generation, newest),
                    newIds.map(fresh -> renamed(target, session, fresh)).orElse(target),
                    // An output of a tool is a text that stays as it was printed.
                    tape.kind().layout() == SourceKind.Layout.OPAQUE ? Optional.empty() : newIds,
                    despiteDamage));
        }
        if (asNew
                && planned.stream()
                        .anyMatch(each -> each.target()
                                .equals(unpacked(each.tape().manifest().path())))) {
            throw new UsageException("this session's file is not named after its id, so that a new one cannot be"
                    + " made of it; put it elsewhere with --to DIR");
        }
        return planned;
    }

    /**
     * Returns the tapes of a session without those in which nobody said anything, if there are others: Gemini creates
     * such a file when it resumes a session, and deletes both when it finds it at its next start.
     */
    private static List<StoredTape> spoken(StoredSession session) throws IOException {
        List<StoredTape> main =
                session.tapes().stream().filter(StoredTape::isMainBranch).toList();
        List<StoredTape> chosen = new ArrayList<>(session.tapes());
        if (main.size() > 1) {
            chosen.removeAll(SessionArchive.silent(main));
        }
        return chosen.isEmpty() ? session.tapes() : chosen;
    }

    /** Returns the path of the plain file that an agent has packed since. */
    private static Path unpacked(Path source) {
        String name = String.valueOf(source.getFileName());
        return name.endsWith(PACKED)
                ? source.resolveSibling(name.substring(0, name.length() - PACKED.length()))
                : source;
    }

    /**
     * Returns the path with the new ids in place of old ones, or, as in names of Gemini's files, with their beginning
     * at the end of the name.
     */
    private static Path renamed(Path target, StoredSession session, Restoration.NewIds fresh) {
        String path = target.toString();
        for (Map.Entry<String, String> id : fresh.after().entrySet()) {
            path = path.replace(id.getKey(), id.getValue());
        }
        String id = session.key().sessionId();
        String before = id.substring(0, Math.min(ID_BEGINNING, id.length()));
        String after = fresh.after().getOrDefault(id, id).substring(0, before.length());
        String renamed = path.replaceFirst("-" + Pattern.quote(before) + "(\\.jsonl?)$", "-" + after + "$1");
        // Ids are plain words, so the result is still a path.
        return ForeignPath.of(renamed).orElse(target);
    }

    /**
     * Returns new ids for the session, also if its file is named after another one, and for each subagent whose file
     * would have the same path: those below the session's own folder cannot collide.
     */
    private static Restoration.NewIds newIds(StoredSession session) throws UsageException {
        String before = session.key().sessionId();
        String after = UUID.randomUUID().toString();
        if (before.length() != after.length()) {
            throw new UsageException("the id " + before + " is not of the kind that a new one can be made for");
        }
        Map<String, String> ids = new LinkedHashMap<>(Map.of(before, after));
        Set<String> ofSubagents = new LinkedHashSet<>();
        for (StoredTape tape : session.tapes()) {
            if (tape.isMainBranch()) {
                tape.kind()
                        .sessionId()
                        .filter(named -> named.length() == after.length())
                        .ifPresent(named -> ids.putIfAbsent(named, after));
            }
        }
        for (StoredTape tape : session.tapes()) {
            Optional<String> own = tape.isMainBranch()
                    ? Optional.empty()
                    : tape.kind().ownId(tape.branch()).filter(id -> !ids.containsKey(id));
            String path = tape.manifest().path().toString();
            if (own.isPresent() && ids.keySet().stream().noneMatch(path::contains)) {
                ids.put(own.get(), newIdLike(own.get()));
                ofSubagents.add(own.get());
                // Its file may be named after another id than the one in its records.
                tape.kind()
                        .sessionId()
                        .filter(named -> named.length() == own.get().length())
                        .ifPresent(named -> ids.putIfAbsent(named, ids.getOrDefault(own.get(), named)));
            }
        }
        return new Restoration.NewIds(ids, ofSubagents);
    }

    /** Returns an id of the same form: a UUID, or other digits in place of its hexadecimal ones. */
    private static String newIdLike(String id) {
        String random = UUID.randomUUID().toString();
        if (id.length() == random.length()) {
            return random;
        }
        StringBuilder like = new StringBuilder();
        String digits = random.replace("-", "");
        for (int i = 0; i < id.length(); i++) {
            char digit = digits.charAt(i % digits.length());
            like.append(Character.digit(id.charAt(i), 16) < 0 ? id.charAt(i) : digit);
        }
        return like.toString();
    }
}
