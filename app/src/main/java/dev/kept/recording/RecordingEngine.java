package dev.kept.recording;

import dev.kept.ingest.source.SourceInfo;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.recording.command.CommandBudget;
import dev.kept.recording.command.CommandLineOrder;
import dev.kept.recording.command.IgnoredCommands;
import dev.kept.recording.command.MessageCommands;
import dev.kept.recording.command.TypedCommands;
import dev.kept.recording.contract.MainBranches;
import dev.kept.recording.contract.RecordingContext;
import dev.kept.recording.contract.RecordingFacts;
import dev.kept.recording.contract.RecordingListener;
import dev.kept.recording.contract.RecordingReport;
import dev.kept.recording.io.RecordingIo;
import dev.kept.recording.journal.JournalEntry;
import dev.kept.recording.writer.RecordingStyles;
import dev.kept.replay.BranchSource;
import dev.kept.replay.SubagentBranches;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Obeys what people type in chats, and keeps their recordings.
 *
 * <p>Owned by the pipeline thread, which shows it every new event of every main line in order, and brings it what the
 * workers report. It does no input or output.
 *
 * <p>Which commands count is said by {@link TypedCommands}. One that was given before Kept started waits until all sources that were there then are read: a copy of its
 * message may come first, and of two copies the one in the older file counts ({@link InitialScanRules}).
 */
public final class RecordingEngine {
    /** What a session takes that had a command; measured by {@code CommandBoundsTest}. */
    static final int SESSION_BYTES = 1_100;

    /** A recording that has not ended is charged as so many sessions. */
    private static final int RECORDING_AS_SESSIONS = 2;

    private final RecordingContext context;
    private final Map<SessionKey, SessionRecorder> sessions = new HashMap<>();
    private final Map<String, SessionRecorder> recordings = new HashMap<>();
    private final Map<Long, SessionRecorder> asked = new HashMap<>();
    private final Map<Path, SessionKey> owners = new HashMap<>();
    private final SessionRegistry sessionRegistry = new SharedState();
    private final SubagentBranches lines;
    private final LongConsumer charge;
    private final InitialScanRules atStart;
    private final TypedCommands commands;
    private final CommandBudget room;
    private final IgnoredCommands unheard;
    private long tickets;
    private long charged;
    private final long nothingHeld;
    private long chargedForGood;
    private boolean startIsRead;

    /**
     * @param styles how recordings look
     * @param lines where the work of subagents is read
     * @param charge told of each change of the bytes of heap that reading tapes takes
     * @param mainLines where the main lines of sessions stand
     * @param headless whether the prompts of headless runs may give orders
     */
    public RecordingEngine(
            RecordingIo workers,
            RecordingListener listener,
            RecordingStyles styles,
            SubagentBranches lines,
            MainBranches mainLines,
            boolean headless,
            LongConsumer charge,
            Clock clock) {
        this.context = new RecordingContext(workers, listener, styles, mainLines, headless, clock);
        this.commands = new TypedCommands(context);
        this.room = new CommandBudget(context);
        this.nothingHeld = commands.heldBytes();
        this.chargedForGood = nothingHeld;
        this.unheard = new IgnoredCommands(context);
        this.lines = lines;
        this.charge = charge;
        this.atStart = new InitialScanRules(mainLines, clock.instant());
    }

    /** Takes up the next entry of a session's journal, which an earlier run wrote; before the first event. */
    public void load(SessionKey key, JournalEntry entry) {
        if (entry instanceof JournalEntry.CommandDecided command) {
            commands.decided(command.key(), command.at());
        }
        session(key).load(entry);
    }

    /** All entries of all journals were loaded. */
    public void loaded() {
        sessions.forEach((key, session) -> {
            session.loaded();
            session.destination().ifPresent(path -> owners.put(path, key));
        });
        recharge();
    }

    /** Charges what is held for good. */
    private void recharge() {
        long now = commands.heldBytes()
                + (long) SESSION_BYTES * (sessions.size() + RECORDING_AS_SESSIONS * recordings.size());
        if (now != chargedForGood) {
            charge.accept(now - chargedForGood);
            chargedForGood = now;
        }
    }

    private SessionRecorder session(SessionKey key) {
        return sessions.computeIfAbsent(key, k -> new SessionRecorder(k, context, sessionRegistry));
    }

    /**
     * The next new event of a session's main line.
     *
     * @param copied whether its record says that it was copied from another session: then it gives no orders here
     * @param facts made only when they are needed
     */
    public void take(
            SourceInfo source,
            SessionKey key,
            ConversationEvent event,
            boolean copied,
            String workingDirectory,
            Supplier<RecordingFacts> facts) {
        if (!copied) {
            unheard.meet(source, key, event);
        } else if (startIsRead && event instanceof UserMessage message && commands.holdsUndecided(message)) {
            unheard.meetCopy(source, key, message);
        }
        MessageCommands given = event instanceof UserMessage message && !copied
                ? commands.of(source, key, message)
                : MessageCommands.NONE;
        SessionRecorder known = sessions.get(key);
        if (known == null && given.isEmpty()) {
            recharge();
            return;
        }
        SessionRecorder session = known == null ? session(key) : known;
        if (!given.isEmpty()) {
            given = room.admit(key, given, session.commandsTaken(), recordings.size());
        }
        RecordingFacts from = facts.get();
        boolean waits = !startIsRead && !given.isEmpty() && atStart.mustWait(key, event, from);
        session.take(event, given, workingDirectory, waits, from);
        recharge();
    }

    /**
     * Events of a main line that are not new, for another source of the session told them.
     *
     * @param next the place behind the last of them
     * @param facts of the source that repeats them; made only when they are needed
     */
    public void repeated(SessionKey key, TapePosition next, Supplier<RecordingFacts> facts) {
        SessionRecorder session = sessions.get(key);
        if (session != null) {
            session.repeated(facts.get(), next);
        }
    }

    /** A source that holds the line of one of a session's subagents. */
    public void subagent(SessionKey session, BranchSource source) {
        lines.found(session, source);
    }

    /** Subagents' lines and outputs of a session that turned out to be a part of another one. */
    public void moved(SessionKey from, SessionKey to) {
        lines.moved(from, to);
    }

    /** A file that an agent put a large output of a tool into, and its tape. */
    public void output(SessionKey session, Path file, Path tapeFolder) {
        lines.outputs().found(session, file, tapeFolder);
    }

    /** All sources that were there at the start have been read: the commands that waited for that are carried out. */
    public void startRead() {
        if (!startIsRead) {
            startIsRead = true;
            lines.complete();
            List<SessionRecorder> byAge = sessions.values().stream()
                    .sorted(Comparator.comparing(SessionRecorder::createdAt).thenComparing(SessionRecorder::name))
                    .toList();
            atStart.claim(byAge);
            byAge.forEach(SessionRecorder::startRead);
        }
    }

    /**
     * An order that a person gives outside the chat.
     *
     * @param facts of the source that the session is followed in
     */
    public void order(SessionKey key, RecordingFacts facts, CommandLineOrder order) {
        SessionRecorder session = session(key);
        if (!session.take(order, facts)) {
            order.reply()
                    .accept(new CommandLineOrder.Reply(
                            false,
                            "another file of this session is being recorded",
                            "Stop that first: kept unrecord " + key.sessionId()));
        }
    }

    /** What a worker reports. */
    public void report(RecordingReport report) {
        switch (report) {
            case RecordingReport.Prepared prepared -> {
                SessionRecorder session = asked.remove(prepared.ticket());
                if (session != null) {
                    session.prepared(prepared);
                }
            }
            case RecordingReport.JournalTrouble(var key, var message) -> {
                if (message.isEmpty()) {
                    context.listener().mended(key, "journal.unwritable");
                } else {
                    context.listener()
                            .problem(
                                    key,
                                    "journal.unwritable",
                                    message,
                                    "Make room or mend the permissions of KEPT_HOME; it is tried again every second.");
                }
            }
            case RecordingReport.ReadersHold(var bytes) -> {
                charge.accept(bytes - charged);
                charged = bytes;
            }
            case RecordingReport.OfRecording told -> {
                SessionRecorder session = recordings.get(told.recordingId());
                if (session != null) {
                    session.report(told);
                }
            }
        }
    }

    /** Time has passed: retries what failed. */
    public void tick() {
        Instant now = context.clock().instant();
        sessions.values().forEach(session -> session.tick(now));
    }

    /** All recordings and exports that have not ended. */
    public List<RecordingStatus> statuses() {
        List<RecordingStatus> all = new ArrayList<>();
        sessions.values().forEach(session -> all.addAll(session.statuses()));
        return all;
    }

    /**
     * Whether another run of the daemon may go on with the session from where this one is, instead of being shown all of it
     * again: either nothing was ever ordered there, or all that was is in its journal and nothing waits.
     */
    public boolean mayBeTakenUp(SessionKey key) {
        SessionRecorder session = sessions.get(key);
        return !commands.late().isAny(key) && (session == null || session.isAllInItsJournal());
    }

    /**
     * An earlier run was shown a session's main line up to a place: what comes of that source stands behind it.
     *
     * @param told the place behind the last event that it was shown
     * @param facts of the source; made only when they are needed
     */
    public void takenUp(SessionKey key, TapePosition told, Supplier<RecordingFacts> facts) {
        SessionRecorder session = sessions.get(key);
        if (session != null) {
            session.takenUp(facts.get(), told);
        }
    }

    /** Some of the commands that were met too late to be obeyed without a person's word, in words. */
    public List<String> tooLate() {
        return commands.late().words();
    }

    /** How many messages with such commands were met. */
    public long tooLateCount() {
        return commands.late().count();
    }

    /** Bytes of records whose events wait for a command to be carried out. */
    long heldBytes() {
        return sessions.values().stream().mapToLong(SessionRecorder::heldBytes).sum();
    }

    /** Bytes that are charged for commands, sessions and recordings, whatever is read. */
    long heldForGood() {
        return chargedForGood - nothingHeld;
    }

    /** How many recordings and exports have not ended. */
    int openRecordings() {
        return recordings.size();
    }

    private final class SharedState implements SessionRegistry {
        @Override
        public long ticket(SessionRecorder session) {
            asked.put(++tickets, session);
            return tickets;
        }

        @Override
        public void opened(String recordingId, SessionRecorder session) {
            recordings.put(recordingId, session);
        }

        @Override
        public void closed(String recordingId) {
            recordings.remove(recordingId);
        }

        @Override
        public boolean takeOn(SessionRecorder session, String commandKey) {
            room.leave(commandKey);
            return atStart.isOriginal(session, commandKey)
                    && commands.decided(commandKey, context.clock().instant());
        }

        @Override
        public int openRecordings() {
            return recordings.size();
        }

        @Override
        public boolean startIsRead() {
            return startIsRead;
        }

        @Override
        public void owns(SessionKey session, Path path) {
            owners.put(path, session);
        }

        @Override
        public Optional<Path> noteOf(SessionKey session) {
            return Optional.ofNullable(sessions.get(session)).flatMap(SessionRecorder::destination);
        }

        @Override
        public Optional<SessionKey> ownerOtherThan(SessionKey session, Path path) {
            return Optional.ofNullable(owners.get(path)).filter(owner -> !owner.equals(session));
        }
    }
}
