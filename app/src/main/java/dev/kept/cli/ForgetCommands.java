package dev.kept.cli;

import dev.kept.archive.Forgetting;
import dev.kept.archive.SessionArchive;
import dev.kept.archive.StoredSession;
import dev.kept.archive.StoredTape;
import dev.kept.cli.Commands.Action;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.daemon.ExitCode;
import dev.kept.daemon.InstanceLock;
import dev.kept.daemon.Providers;
import dev.kept.model.SessionKey;
import dev.kept.recording.journal.JournalEntry;
import dev.kept.recording.journal.JournalFiles;
import dev.kept.status.HumanWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that remove what is kept. */
final class ForgetCommands {
    private static final int SHOWN = 20;

    private ForgetCommands() {}

    @Command(
            name = "forget",
            description = {
                "Remove what is kept of sessions, for good.",
                "The tape, its journal and all caches go; what stays is a mark without content, so that Kept does not"
                        + " keep these sessions again. The agents' own files are not touched."
            },
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  kept forget 7d3f1c52                shows what would go, and asks",
                "  kept forget --cwd ~/work/secret     all that was said in this folder and below",
                "  kept forget --older-than 90d --yes  without a question",
                "  kept forget last --recordings       the files that were recorded from it, too"
            })
    static final class Forget implements Action {
        private final Surroundings surroundings;

        @Parameters(arity = "0..*", paramLabel = "ID", description = "Sessions, each as for kept show.")
        private List<String> ids = List.of();

        @Option(names = "--cwd", paramLabel = "DIR", description = "Those in this folder and below it.")
        private String cwd = "";

        @Option(names = "--provider", paramLabel = "NAME", description = "Those of this agent.")
        private String provider = "";

        @Option(
                names = "--older-than",
                paramLabel = "TIME",
                description = "Those without a message since then: 90d, 1y, or a day such as 2026-01-31.")
        private String olderThan = "";

        @Option(names = "--recordings", description = "The files that were recorded from them, too.")
        private boolean recordings;

        @Option(
                names = {"-y", "--yes"},
                description = "Do not ask.")
        private boolean yes;

        @Option(names = "--dry-run", description = "Only show what would go.")
        private boolean dryRun;

        Forget(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws Exception {
            List<StoredSession> chosen = chosen();
            if (chosen.isEmpty()) {
                surroundings.out().println("Nothing that is kept is like that.");
                return ExitCode.DONE;
            }
            List<Path> notes = recordings ? notes(surroundings.home(), chosen) : List.of();
            show(surroundings, chosen, notes);
            if (dryRun) {
                return ExitCode.DONE;
            }
            if (!yes && !confirmed(surroundings)) {
                return ExitCode.FAILED;
            }
            return forget(surroundings, chosen, notes);
        }

        private List<StoredSession> chosen() throws Exception {
            boolean filtered = !cwd.isEmpty() || !provider.isEmpty() || !olderThan.isEmpty();
            if (ids.isEmpty() == !filtered) {
                throw new UsageException("say which: kept forget ID…, or with --cwd, --provider or --older-than");
            }
            if (!ids.isEmpty()) {
                Set<StoredSession> named = new LinkedHashSet<>();
                for (String id : ids) {
                    named.add(new SessionFinder(surroundings).stored(id));
                }
                return List.copyOf(named);
            }
            if (!provider.isEmpty() && !Providers.NAMES.contains(provider)) {
                throw new UsageException(
                        "there is no provider “" + provider + "”; Kept knows " + String.join(", ", Providers.NAMES));
            }
            Optional<Path> below = cwd.isEmpty() ? Optional.empty() : Optional.of(surroundings.path(cwd));
            Optional<Instant> before = olderThan.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Age.before(olderThan, surroundings.clock().instant()));
            return all(surroundings).stream()
                    .filter(session ->
                            provider.isEmpty() || session.key().provider().equals(provider))
                    .filter(session ->
                            below.map(folder -> isBelow(session, folder)).orElse(true))
                    .filter(session ->
                            before.map(at -> last(session).isBefore(at)).orElse(true))
                    .toList();
        }

        private static boolean isBelow(StoredSession session, Path folder) {
            try {
                String where = session.metadata().workingDirectory();
                return !where.isEmpty() && Path.of(where).startsWith(folder);
            } catch (InvalidPathException noPath) {
                return false;
            }
        }
    }

    @Command(
            name = "clean",
            description = {
                "Bring what is kept down to what config.yaml asks for (keep.retention, keep.maxTapeBytes), oldest first.",
                "A session whose agent deleted its file is the only copy there is: it stays, unless --only-copies."
            },
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  kept clean --dry-run                only show what would go",
                "  kept clean --only-copies            also what no agent has any more"
            })
    static final class Clean implements Action {
        private final Surroundings surroundings;

        @Option(names = "--dry-run", description = "Only show what would go.")
        private boolean dryRun;

        @Option(names = "--only-copies", description = "Also sessions whose agent has deleted its file.")
        private boolean onlyCopies;

        @Option(
                names = {"-y", "--yes"},
                description = "Do not ask.")
        private boolean yes;

        Clean(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws Exception {
            KeptConfig.Keeping keep =
                    ConfigReader.read(surroundings.home(), Providers.NAMES).keep();
            List<StoredSession> all = all(surroundings);
            List<StoredSession> going = CleaningPolicy.choose(
                    all, keep, onlyCopies, surroundings.clock().instant());
            long bytes = 0;
            for (StoredSession session : all) {
                bytes += bytesOnDisk(session);
            }
            surroundings
                    .out()
                    .println(HumanWords.count(all.size(), "session") + " take " + HumanWords.bytes(bytes) + ".");
            if (going.isEmpty()) {
                surroundings
                        .out()
                        .println(
                                keep.retention().isEmpty()
                                                && keep.maxTapeBytes().isEmpty()
                                        ? "config.yaml sets no limit (keep.retention, keep.maxTapeBytes), so all of it stays."
                                        : "Nothing has to go.");
                return ExitCode.DONE;
            }
            show(surroundings, going, List.of());
            if (dryRun) {
                return ExitCode.DONE;
            }
            return yes || confirmed(surroundings) ? forget(surroundings, going, List.of()) : ExitCode.FAILED;
        }
    }

    static Instant last(StoredSession session) {
        return session.metadata()
                .lastMessageAt()
                .or(() -> session.metadata().lastEventAt())
                .orElse(session.main().card().firstSeen());
    }

    private static List<StoredSession> all(Surroundings surroundings) throws IOException {
        try (ProgressLine progress = new ProgressLine(surroundings, "Reading tapes")) {
            return new SessionArchive(surroundings.home(), Providers.ALL)
                    .sessions(progress).stream()
                            .sorted(Comparator.comparing(ForgetCommands::last))
                            .toList();
        }
    }

    static long bytesOnDisk(StoredSession session) throws IOException {
        long bytes = 0;
        for (StoredTape tape : session.tapes()) {
            bytes += tape.bytesOnDisk();
        }
        return bytes;
    }

    /** The files that were recorded from sessions and are still there. */
    private static List<Path> notes(KeptHome home, List<StoredSession> sessions) throws IOException {
        Set<SessionKey> keys =
                new LinkedHashSet<>(sessions.stream().map(StoredSession::key).toList());
        Set<Path> notes = new LinkedHashSet<>();
        for (JournalFiles.StoredJournal journal : new JournalFiles(home.journals()).readAll()) {
            for (JournalEntry entry : journal.entries()) {
                if (keys.contains(journal.session())
                        && entry instanceof JournalEntry.RecordingStarted(var plan)
                        && Files.isRegularFile(plan.path(), LinkOption.NOFOLLOW_LINKS)) {
                    notes.add(plan.path());
                }
            }
        }
        return List.copyOf(notes);
    }

    private static void show(Surroundings surroundings, List<StoredSession> sessions, List<Path> notes)
            throws IOException {
        Instant now = surroundings.clock().instant();
        long bytes = 0;
        long onlyCopies = 0;
        int shown = 0;
        for (StoredSession session : sessions) {
            bytes += bytesOnDisk(session);
            boolean gone = session.tapes().stream().noneMatch(StoredTape::sourcePresent);
            onlyCopies += gone ? 1 : 0;
            if (shown++ < SHOWN) {
                surroundings
                        .out()
                        .println("  " + session.key().provider() + "/"
                                + HumanWords.harmless(session.key().sessionId()) + "  "
                                + HumanWords.ago(last(session), now) + "  "
                                + HumanWords.bytes(bytesOnDisk(session)) + "  "
                                + HumanWords.harmless(session.name())
                                + (gone ? "  (the only copy)" : ""));
            }
        }
        if (sessions.size() > SHOWN) {
            surroundings.out().println("  … and " + (sessions.size() - SHOWN) + " more");
        }
        notes.forEach(note -> surroundings.out().println("  " + surroundings.forPeople(note)));
        surroundings
                .out()
                .println("To be forgotten: " + HumanWords.count(sessions.size(), "session") + ", "
                        + HumanWords.bytes(bytes)
                        + (onlyCopies > 0
                                ? "; of " + onlyCopies + " this is the only copy"
                                : "; their agents still have them")
                        + (notes.isEmpty() ? "" : ", and " + HumanWords.count(notes.size(), "recorded file"))
                        + ".");
    }

    private static boolean confirmed(Surroundings surroundings) throws IOException, UsageException {
        if (!surroundings.terminalIn()) {
            throw new UsageException("nobody can be asked here; if that is what should go, say --yes");
        }
        surroundings.out().print("This cannot be undone. Forget them? [y/N] ");
        surroundings.out().flush();
        @Nullable String line = surroundings.in().readLine();
        boolean yes = line != null && List.of("y", "yes").contains(line.strip().toLowerCase(Locale.ROOT));
        if (!yes) {
            surroundings.out().println("Nothing was removed.");
        }
        return yes;
    }

    /** By the one who owns the tapes: the daemon, which starts anew for it, or without one this process. */
    private static int forget(Surroundings surroundings, List<StoredSession> sessions, List<Path> notes)
            throws Exception {
        KeptHome home = surroundings.home();
        home.createDirectories();
        Forgetting forgetting = new Forgetting(home);
        DaemonProcess daemon = new DaemonProcess(home);
        Optional<Long> running = daemon.runningPid();
        if (running.isPresent()) {
            forgetting.wish(sessions);
            try (WaitingLine _ = WaitingLine.show(surroundings, "Forgetting")) {
                daemon.relaunch(running.get());
            }
        } else {
            try (InstanceLock _ = InstanceLock.acquire(home)) {
                forgetting.wish(sessions);
                forgetting.carryOut(surroundings.clock().instant());
            } catch (InstanceLock.HeldException starting) {
                surroundings.err().println("kept: the daemon is just starting or ending; try again in a moment");
                return ExitCode.FAILED;
            }
        }
        if (forgetting.isWished()) {
            surroundings
                    .err()
                    .println("kept: not all could be removed; see " + surroundings.forPeople(home.daemonOutput())
                            + ", mend it, and run: kept restart");
            return ExitCode.FAILED;
        }
        List<Path> left = new ArrayList<>();
        for (Path note : notes) {
            try {
                Files.deleteIfExists(note);
            } catch (IOException e) {
                left.add(note);
            }
        }
        surroundings.out().println("Forgotten: " + HumanWords.count(sessions.size(), "session") + ".");
        left.forEach(note -> surroundings.err().println("kept: could not be removed: " + surroundings.forPeople(note)));
        long still = sessions.stream()
                .flatMap(session -> session.tapes().stream())
                .filter(StoredTape::sourcePresent)
                .count();
        if (still > 0) {
            surroundings
                    .out()
                    .println("Their agents still have " + HumanWords.count(still, "file")
                            + ", which Kept leaves alone.");
        }
        return left.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }
}
