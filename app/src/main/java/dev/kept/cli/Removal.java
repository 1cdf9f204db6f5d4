package dev.kept.cli;

import dev.kept.archive.Forgetting;
import dev.kept.archive.SessionArchive;
import dev.kept.archive.StoredSession;
import dev.kept.archive.StoredTape;
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

/** What {@code forget} and {@code clean} share: what would go is shown, asked for, and removed by the owner of the tapes. */
final class Removal {
    private static final int SHOWN = 20;

    private Removal() {}

    /** All sessions, oldest first. */
    static List<StoredSession> all(Surroundings surroundings) throws IOException {
        try (ProgressLine progress = new ProgressLine(surroundings, "Reading tapes")) {
            return new SessionArchive(surroundings.home(), Providers.ALL)
                    .sessions(progress).stream()
                            .sorted(Comparator.comparing(StoredSession::lastSaid))
                            .toList();
        }
    }

    /** The files that were recorded from sessions and are still there. */
    static List<Path> notes(KeptHome home, List<StoredSession> sessions) throws IOException {
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

    /** What would go, for people. */
    static void show(Surroundings surroundings, List<StoredSession> sessions, List<Path> notes) throws IOException {
        Instant now = surroundings.clock().instant();
        long bytes = 0;
        long onlyCopies = 0;
        int shown = 0;
        for (StoredSession session : sessions) {
            bytes += session.bytesOnDisk();
            boolean gone = session.tapes().stream().noneMatch(StoredTape::sourcePresent);
            onlyCopies += gone ? 1 : 0;
            if (shown++ < SHOWN) {
                surroundings
                        .out()
                        .println("  " + session.key().provider() + "/"
                                + HumanWords.harmless(session.key().sessionId()) + "  "
                                + HumanWords.ago(session.lastSaid(), now) + "  "
                                + HumanWords.bytes(session.bytesOnDisk()) + "  "
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

    /** Asks on the terminal; a wrong usage where nobody can be asked. */
    static boolean confirmed(Surroundings surroundings) throws IOException, UsageException {
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
    static int forget(Surroundings surroundings, List<StoredSession> sessions, List<Path> notes) throws Exception {
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
