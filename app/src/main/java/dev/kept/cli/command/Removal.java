package dev.kept.cli.command;

import dev.kept.archive.Forgetting;
import dev.kept.archive.StoredSession;
import dev.kept.archive.StoredTape;
import dev.kept.cli.service.DaemonProcess;
import dev.kept.cli.terminal.CliContext;
import dev.kept.cli.terminal.UsageException;
import dev.kept.cli.terminal.WaitIndicator;
import dev.kept.config.KeptHome;
import dev.kept.control.ExitCode;
import dev.kept.control.InstanceLock;
import dev.kept.model.SessionKey;
import dev.kept.recording.journal.JournalEntry;
import dev.kept.recording.journal.JournalFiles;
import dev.kept.status.HumanReadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The common part of {@code forget} and {@code clean}: shows what would be removed, asks, and has the owner of the
 * tapes remove it.
 */
final class Removal {
    private static final int SHOWN = 20;

    private Removal() {}

    /** Returns the existing files that were recorded from sessions. */
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

    /** Prints what would be removed. */
    static void show(CliContext context, List<StoredSession> sessions, List<Path> notes) throws IOException {
        Instant now = context.clock().instant();
        long bytes = 0;
        long onlyCopies = 0;
        int shown = 0;
        for (StoredSession session : sessions) {
            bytes += session.bytesOnDisk();
            boolean gone = session.tapes().stream().noneMatch(StoredTape::sourcePresent);
            onlyCopies += gone ? 1 : 0;
            if (shown++ < SHOWN) {
                context.out()
                        .println("  " + session.key().provider() + "/"
                                + HumanReadable.harmless(session.key().sessionId()) + "  "
                                + HumanReadable.ago(session.lastMessageAt(), now) + "  "
                                + HumanReadable.bytes(session.bytesOnDisk()) + "  "
                                + HumanReadable.harmless(session.name())
                                + (gone ? "  (the only copy)" : ""));
            }
        }
        if (sessions.size() > SHOWN) {
            context.out().println("  … and " + (sessions.size() - SHOWN) + " more");
        }
        notes.forEach(note -> context.out().println("  " + context.forPeople(note)));
        context.out()
                .println("To be forgotten: " + HumanReadable.count(sessions.size(), "session") + ", "
                        + HumanReadable.bytes(bytes)
                        + (onlyCopies > 0
                                ? "; of " + onlyCopies + " this is the only copy"
                                : "; their agents still have them")
                        + (notes.isEmpty() ? "" : ", and " + HumanReadable.count(notes.size(), "recorded file"))
                        + ".");
    }

    /** Asks on the terminal; throws if no person can be asked. */
    static boolean confirmed(CliContext context) throws IOException, UsageException {
        if (!context.terminalIn()) {
            throw new UsageException("there is no terminal to ask on; to remove these without a question, use --yes");
        }
        context.out().print("This cannot be undone. Forget them? [y/N] ");
        context.out().flush();
        @Nullable String line = context.in().readLine();
        boolean yes = line != null && List.of("y", "yes").contains(line.strip().toLowerCase(Locale.ROOT));
        if (!yes) {
            context.out().println("Nothing was removed.");
        }
        return yes;
    }

    /**
     * Has the sessions removed by the owner of the tapes: the daemon, which is relaunched for it, or without one this
     * process.
     */
    static int forget(CliContext context, List<StoredSession> sessions, List<Path> notes) throws Exception {
        KeptHome home = context.home();
        home.createDirectories();
        Forgetting forgetting = new Forgetting(home);
        DaemonProcess daemon = new DaemonProcess(home);
        Optional<Long> running = daemon.runningPid();
        if (running.isPresent()) {
            forgetting.request(sessions);
            try (WaitIndicator _ = WaitIndicator.show(context, "Forgetting")) {
                daemon.relaunch(running.get());
            }
        } else {
            try (InstanceLock _ = InstanceLock.acquire(home)) {
                forgetting.request(sessions);
                forgetting.carryOut(context.clock().instant());
            } catch (InstanceLock.HeldException starting) {
                context.err().println("kept: the daemon is just starting or ending; try again in a moment");
                return ExitCode.FAILED;
            }
        }
        if (forgetting.isRequested()) {
            context.err()
                    .println("kept: not all could be removed; see " + context.forPeople(home.daemonOutput())
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
        context.out().println("Forgotten: " + HumanReadable.count(sessions.size(), "session") + ".");
        left.forEach(note -> context.err().println("kept: could not be removed: " + context.forPeople(note)));
        long still = sessions.stream()
                .flatMap(session -> session.tapes().stream())
                .filter(StoredTape::sourcePresent)
                .count();
        if (still > 0) {
            context.out()
                    .println("Their agents still have " + HumanReadable.count(still, "file")
                            + ", which Kept leaves alone.");
        }
        return left.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }
}
