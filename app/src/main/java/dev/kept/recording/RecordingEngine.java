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
 * The recording engine: obeys the commands that people type in chats, and maintains their recordings.
 *
 * <p>Owned by the pipeline thread, which passes it every new event of every main branch in order, and the reports of
 * the workers. It does no input or output.
 *
 * <p>{@link TypedCommands} decides which commands count. A command typed before Kept started waits until the initial
 * scan is complete, since a copy of its message may be read first. Of two copies, the one in the older file counts
 * ({@link InitialScanRules}).
 */
public final class RecordingEngine {
    /** Memory of a session that had a command, in bytes; measured by {@code CommandBoundsTest}. */
    static final int SESSION_BYTES = 1_100;

    /** Charge for a recording that has not ended, in sessions. */
    private static final int RECORDING_AS_SESSIONS = 2;

    private final RecordingContext context;
    private final Map<SessionKey, SessionRecorder> sessions = new HashMap<>();
    private final Map<String, SessionRecorder> recordings = new HashMap<>();
    private final Map<Long, SessionRecorder> asked = new HashMap<>();
    private final Map<Path, SessionKey> owners = new HashMap<>();
    private final SessionRegistry sessionRegistry = new Registry();
    private final SubagentBranches branches;
    private final LongConsumer charge;
    private final InitialScanRules initialScanRules;
    private final TypedCommands commands;
    private final CommandBudget budget;
    private final IgnoredCommands ignored;
    private long tickets;
    private long charged;
    private final long emptyBytes;
    private long chargedPermanently;
    private boolean initialScanComplete;

    /**
     * Creates an engine without sessions.
     *
     * @param styles the styles of recordings
     * @param branches the sources of subagent branches
     * @param charge receives each change of the heap bytes that reading tapes takes
     * @param mainBranches the sources of the main branches of sessions
     * @param headless whether the prompts of headless runs may give orders
     */
    public RecordingEngine(
            RecordingIo workers,
            RecordingListener listener,
            RecordingStyles styles,
            SubagentBranches branches,
            MainBranches mainBranches,
            boolean headless,
            LongConsumer charge,
            Clock clock) {
        this.context = new RecordingContext(workers, listener, styles, mainBranches, headless, clock);
        this.commands = new TypedCommands(context);
        this.budget = new CommandBudget(context);
        this.emptyBytes = commands.heldBytes();
        this.chargedPermanently = emptyBytes;
        this.ignored = new IgnoredCommands(context);
        this.branches = branches;
        this.charge = charge;
        this.initialScanRules = new InitialScanRules(mainBranches, clock.instant());
    }

    /** Applies the next entry of a session's journal, written by an earlier run. Called before the first event. */
    public void load(SessionKey key, JournalEntry entry) {
        if (entry instanceof JournalEntry.CommandDecided command) {
            commands.markDecided(command.key(), command.at());
        }
        session(key).load(entry);
    }

    /** Completes loading, once all entries of all journals were applied. */
    public void completeLoading() {
        sessions.forEach((key, session) -> {
            session.completeLoading();
            session.destination().ifPresent(path -> owners.put(path, key));
        });
        recharge();
    }

    /** Charges the memory that is held permanently. */
    private void recharge() {
        long now = commands.heldBytes()
                + (long) SESSION_BYTES * (sessions.size() + RECORDING_AS_SESSIONS * recordings.size());
        if (now != chargedPermanently) {
            charge.accept(now - chargedPermanently);
            chargedPermanently = now;
        }
    }

    private SessionRecorder session(SessionKey key) {
        return sessions.computeIfAbsent(key, k -> new SessionRecorder(k, context, sessionRegistry));
    }

    /**
     * Accepts the next new event of a session's main branch.
     *
     * @param copied whether its record says that it was copied from another session; it then gives no orders
     * @param facts supplies the facts of the source; called only if they are needed
     */
    public void accept(
            SourceInfo source,
            SessionKey key,
            ConversationEvent event,
            boolean copied,
            String workingDirectory,
            Supplier<RecordingFacts> facts) {
        if (!copied) {
            ignored.inspect(source, key, event);
        } else if (initialScanComplete && event instanceof UserMessage message && commands.holdsUndecided(message)) {
            ignored.inspectCopy(source, key, message);
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
            given = budget.admit(key, given, session.commandCount(), recordings.size());
        }
        RecordingFacts from = facts.get();
        boolean waits = !initialScanComplete && !given.isEmpty() && initialScanRules.mustWait(key, event, from);
        session.accept(event, given, workingDirectory, waits, from);
        recharge();
    }

    /**
     * Accepts that a source repeats events which another source of the session already delivered.
     *
     * @param next the position after the last of them
     * @param facts supplies the facts of the repeating source; called only if they are needed
     */
    public void acceptRepeated(SessionKey key, TapePosition next, Supplier<RecordingFacts> facts) {
        SessionRecorder session = sessions.get(key);
        if (session != null) {
            session.acceptRepeated(facts.get(), next);
        }
    }

    /** Registers a source that holds the branch of one of a session's subagents. */
    public void addSubagent(SessionKey session, BranchSource source) {
        branches.add(session, source);
    }

    /** Moves the subagent branches and tool outputs of a session that turned out to be a part of another one. */
    public void reassign(SessionKey from, SessionKey to) {
        branches.reassign(from, to);
    }

    /** Registers a file into which an agent put a large tool output, and its tape. */
    public void addOutput(SessionKey session, Path file, Path tapeFolder) {
        branches.outputs().add(session, file, tapeFolder);
    }

    /** Notes that the initial scan is complete, and carries out the commands that waited for that. */
    public void completeInitialScan() {
        if (!initialScanComplete) {
            initialScanComplete = true;
            branches.complete();
            List<SessionRecorder> byAge = sessions.values().stream()
                    .sorted(Comparator.comparing(SessionRecorder::createdAt).thenComparing(SessionRecorder::name))
                    .toList();
            initialScanRules.claim(byAge);
            byAge.forEach(SessionRecorder::completeInitialScan);
        }
    }

    /**
     * Accepts an order that a person gives outside the chat.
     *
     * @param facts of the source in which the session is followed
     */
    public void order(SessionKey key, RecordingFacts facts, CommandLineOrder order) {
        SessionRecorder session = session(key);
        if (!session.accept(order, facts)) {
            order.reply()
                    .accept(new CommandLineOrder.Reply(
                            false,
                            "another file of this session is being recorded",
                            "Stop that first: kept unrecord " + key.sessionId()));
        }
    }

    /** Handles a worker's report. */
    public void report(RecordingReport report) {
        switch (report) {
            case RecordingReport.Prepared prepared -> {
                SessionRecorder session = asked.remove(prepared.ticket());
                if (session != null) {
                    session.handlePrepared(prepared);
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
            case RecordingReport.OfRecording ofRecording -> {
                SessionRecorder session = recordings.get(ofRecording.recordingId());
                if (session != null) {
                    session.report(ofRecording);
                }
            }
        }
    }

    /** Retries what failed and is due. */
    public void tick() {
        Instant now = context.clock().instant();
        sessions.values().forEach(session -> session.tick(now));
    }

    /** Returns the status of all recordings and exports that have not ended. */
    public List<RecordingStatus> statuses() {
        List<RecordingStatus> all = new ArrayList<>();
        sessions.values().forEach(session -> all.addAll(session.statuses()));
        return all;
    }

    /**
     * Reports whether another run of the daemon may continue the session from here without reading it all again: either
     * nothing was ever ordered in it, or its journal holds all that was, and nothing waits.
     */
    public boolean isResumable(SessionKey key) {
        SessionRecorder session = sessions.get(key);
        return !commands.late().hasAny(key) && (session == null || session.isAllInItsJournal());
    }

    /**
     * Continues a session whose main branch was delivered to an earlier run up to a position. Further events of that
     * source come after it.
     *
     * @param delivered the position after the last event that was delivered then
     * @param facts supplies the facts of the source; called only if they are needed
     */
    public void resume(SessionKey key, TapePosition delivered, Supplier<RecordingFacts> facts) {
        SessionRecorder session = sessions.get(key);
        if (session != null) {
            session.resume(facts.get(), delivered);
        }
    }

    /**
     * Returns descriptions of some of the commands that arrived too late to be obeyed without a person's confirmation.
     */
    public List<String> tooLate() {
        return commands.late().words();
    }

    /** Returns the number of messages with such commands. */
    public long tooLateCount() {
        return commands.late().count();
    }

    /** Returns the size in bytes of the records whose events wait for a command. */
    long heldBytes() {
        return sessions.values().stream().mapToLong(SessionRecorder::heldBytes).sum();
    }

    /** Returns the bytes that are charged permanently for commands, sessions and recordings. */
    long heldPermanently() {
        return chargedPermanently - emptyBytes;
    }

    /** Returns the number of recordings and exports that have not ended. */
    int openRecordings() {
        return recordings.size();
    }

    private final class Registry implements SessionRegistry {
        @Override
        public long newTicket(SessionRecorder session) {
            asked.put(++tickets, session);
            return tickets;
        }

        @Override
        public void register(String recordingId, SessionRecorder session) {
            recordings.put(recordingId, session);
        }

        @Override
        public void unregister(String recordingId) {
            recordings.remove(recordingId);
        }

        @Override
        public boolean claim(SessionRecorder session, String commandKey) {
            budget.release(commandKey);
            return initialScanRules.isOriginal(session, commandKey)
                    && commands.markDecided(commandKey, context.clock().instant());
        }

        @Override
        public int openRecordings() {
            return recordings.size();
        }

        @Override
        public boolean isInitialScanComplete() {
            return initialScanComplete;
        }

        @Override
        public void assignOwner(SessionKey session, Path path) {
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
