package dev.kept.recording;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.command.InChatCommand;
import dev.kept.ingest.source.SourceInfo;
import dev.kept.model.ConversationEvent;
import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.provider.SourceKind;
import dev.kept.provider.decode.SourceDecoder;
import dev.kept.recording.command.CommandLineOrder;
import dev.kept.recording.contract.MainBranches;
import dev.kept.recording.contract.RecordingFacts;
import dev.kept.recording.contract.RecordingListener;
import dev.kept.recording.contract.RecordingReport;
import dev.kept.recording.destination.DestinationAccess;
import dev.kept.recording.destination.DestinationResolver;
import dev.kept.recording.destination.Refusal;
import dev.kept.recording.io.RecordingIo;
import dev.kept.recording.io.RecordingThreads;
import dev.kept.recording.journal.JournalFiles;
import dev.kept.recording.render.ConversationExport;
import dev.kept.recording.render.TapeRenderer;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.recording.writer.RecordingStyles;
import dev.kept.recording.writer.SubagentDetail;
import dev.kept.replay.BranchSource;
import dev.kept.replay.SubagentBranches;
import dev.kept.replay.ToolOutputFiles;
import dev.kept.tape.ReadingGuard;
import dev.kept.tape.Tape;
import dev.kept.testing.TestClock;
import dev.kept.testing.TestStyles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executor;

/**
 * The recorder without threads: the engine, its workers and a disk, each task run when the test says so, in an order
 * that a seed decides. One run of the daemon: after a crash another one is made over the disk that is left.
 */
public final class ModelRun {
    public static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final int MOST_STEPS = 20_000;
    private static final ClaudeProvider PROVIDER = new ClaudeProvider();

    /** A conversation on a real tape: its main line and its subagents'. */
    public record Conversation(
            SessionKey session, SourceInfo source, List<ConversationEvent> events, List<BranchSource> subagents) {
        /** Puts records, a line each, on tapes below a folder. */
        public static Conversation of(Path folder, String id, List<String> records, Map<String, List<String>> subagents)
                throws IOException {
            return of(folder, id, id, NOW.minusSeconds(3600), records, subagents);
        }

        /**
         * One source of a session's conversation.
         *
         * @param sourceId names it
         * @param created when its file was made
         */
        public static Conversation of(
                Path folder,
                String id,
                String sourceId,
                Instant created,
                List<String> records,
                Map<String, List<String>> subagents)
                throws IOException {
            return of(folder, id, sourceId, Optional.of(id), created, records, subagents);
        }

        /** A source whose path does not tell its session: it may begin with what another one told. */
        static Conversation ofUnnamedFile(
                Path folder, String id, String sourceId, Instant created, List<String> records) throws IOException {
            return of(folder, id, sourceId, Optional.empty(), created, records, Map.of());
        }

        private static Conversation of(
                Path folder,
                String id,
                String sourceId,
                Optional<String> named,
                Instant created,
                List<String> records,
                Map<String, List<String>> subagents)
                throws IOException {
            SourceKind.Session kind = new SourceKind.Session(named, "main");
            Path tape = tape(folder.resolve(sourceId), sourceId, records);
            List<ConversationEvent> events = new ArrayList<>();
            byte[] bytes = bytes(records);
            new SourceDecoder(PROVIDER, kind)
                    .accept(bytes, 0, bytes.length, reading -> events.addAll(reading.events()));
            List<BranchSource> lines = new ArrayList<>();
            for (Map.Entry<String, List<String>> line : subagents.entrySet()) {
                lines.add(new BranchSource(
                        PROVIDER,
                        new SourceKind.Session(Optional.of(id), line.getKey()),
                        tape(folder.resolve(id + "-" + line.getKey()), id, line.getValue()),
                        id));
            }
            SourceInfo source = new SourceInfo(
                    1,
                    PROVIDER,
                    sourceId,
                    folder.resolve(sourceId + ".jsonl"),
                    kind,
                    tape,
                    NOW.minusSeconds(3600),
                    created,
                    NOW.minusSeconds(7200));
            return new Conversation(new SessionKey("claude", id), source, List.copyOf(events), List.copyOf(lines));
        }

        /** Puts what was said since on the tapes, after what is there. */
        Conversation append(Chat chat, String line, Chat agent) throws IOException {
            grow(source.tapeFolder(), chat.records());
            for (BranchSource each : subagents) {
                if (each.kind().line().equals(line)) {
                    grow(each.tapeFolder(), agent.records());
                }
            }
            List<ConversationEvent> all = new ArrayList<>();
            byte[] bytes = bytes(chat.records());
            new SourceDecoder(PROVIDER, source.kind())
                    .accept(bytes, 0, bytes.length, reading -> all.addAll(reading.events()));
            return new Conversation(session, source, List.copyOf(all), subagents);
        }

        private static void grow(Path folder, List<String> records) throws IOException {
            byte[] all = bytes(records);
            try (Tape tape = Tape.open(folder)) {
                int there = Math.toIntExact(tape.length());
                tape.append(ByteBuffer.wrap(all, there, all.length - there));
                tape.force();
            }
        }

        /** What an export writes of it, without its beginning. */
        String exported() throws IOException {
            Map<String, BranchSource> lines = new LinkedHashMap<>();
            subagents.forEach(line -> lines.put(line.kind().line(), line));
            StringBuilder text = new StringBuilder();
            new ConversationExport(TestStyles.with(SubagentDetail.FOLD))
                    .write(
                            new ConversationExport.Subject(
                                    session,
                                    List.of(new BranchSource(
                                            PROVIDER, source.kind(), source.tapeFolder(), session.sessionId())),
                                    lines,
                                    new ToolOutputFiles(),
                                    "The title",
                                    Optional.empty()),
                            RecordingFormat.MARKDOWN,
                            Optional.empty(),
                            new ConversationExport.Sink() {
                                @Override
                                public void write(String part) {
                                    text.append(part);
                                }

                                @Override
                                public void at(long read) {}
                            });
            return text.substring(Math.max(0, text.indexOf("\n## ")));
        }

        private static Path tape(Path folder, String id, List<String> records) throws IOException {
            try (Tape tape = Tape.create(folder, "claude", id, folder, folder, "", NOW)) {
                tape.append(ByteBuffer.wrap(bytes(records)));
                tape.force();
            }
            return folder;
        }

        private static byte[] bytes(List<String> records) {
            return (String.join("\n", records) + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * What a later run may go on from, instead of being shown everything.
     *
     * @param operations how many operations of the disk were done by then
     * @param told behind the last event that was shown
     */
    record Saved(Conversation conversation, int operations, TapePosition told) {}

    /** Tasks wait until they are run. */
    private static final class Tasks implements RecordingThreads {
        private final Map<String, Deque<Runnable>> queues = new LinkedHashMap<>();

        private String held = "";

        List<Deque<Runnable>> ready() {
            return queues.entrySet().stream()
                    .filter(queue ->
                            !queue.getKey().equals(held) && !queue.getValue().isEmpty())
                    .map(Map.Entry::getValue)
                    .toList();
        }

        private final Map<String, Integer> given = new HashMap<>();

        private Executor queue(String name) {
            return task -> {
                given.merge(name, 1, Integer::sum);
                queues.computeIfAbsent(name, _ -> new ArrayDeque<>()).add(task);
            };
        }

        @Override
        public Executor journal() {
            return queue("journal");
        }

        @Override
        public Executor replay() {
            return queue("replay");
        }

        @Override
        public Executor writer(Path folder) {
            return queue("writer " + folder);
        }

        @Override
        public void prepare(Runnable task) {
            queue("prepare").execute(task);
        }

        @Override
        public void later(Duration delay, Executor executor, Runnable task) {
            executor.execute(task);
        }

        @Override
        public void close() {
            queues.clear();
        }

        boolean runOne(Random random) {
            List<Deque<Runnable>> waiting = ready();
            if (waiting.isEmpty()) {
                return false;
            }
            waiting.get(random.nextInt(waiting.size())).remove().run();
            return true;
        }
    }

    private final RecordingEngine engine;
    private final Tasks tasks = new Tasks();
    private final Deque<RecordingReport> inbox = new ArrayDeque<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> remedies = new ArrayList<>();
    private final List<String> obeyed = new ArrayList<>();
    private int factsMade;
    private int orders;
    private final Map<Conversation, TapePosition> read = new LinkedHashMap<>();
    private final Map<Conversation, TapePosition> told = new LinkedHashMap<>();
    private final List<Saved> saved = new ArrayList<>();
    private boolean saves;
    private final SimulatedDisk disk;
    private final Random random;
    private final TestClock clock;
    private long held;
    private long mostHeld;

    ModelRun(SimulatedDisk disk, DestinationAccess access, SubagentDetail detail, Random random) throws IOException {
        this(disk, access, detail, random, new TestClock(NOW));
    }

    ModelRun(SimulatedDisk disk, DestinationAccess access, SubagentDetail detail, Random random, TestClock clock)
            throws IOException {
        this.disk = disk;
        this.random = random;
        this.clock = clock;
        RecordingStyles styles = TestStyles.with(detail);
        SubagentBranches lines = new SubagentBranches();
        JournalFiles journals = new JournalFiles(Path.of("/journals"), disk);
        RecordingIo io = new RecordingIo(
                journals,
                access,
                new DestinationResolver(Path.of("/home"), Path.of("/work")),
                new TapeRenderer(styles, lines),
                tasks,
                clock,
                inbox::add,
                ReadingGuard.NONE);
        engine = new RecordingEngine(io, new Listener(), styles, lines, this::mainLines, false, this::charge, clock);
        journals.read(engine::load);
        engine.completeLoading();
    }

    private List<MainBranches.MainBranch> mainLines(SessionKey session) {
        return read.entrySet().stream()
                .filter(entry -> entry.getKey().session().equals(session))
                .sorted(Comparator.comparing(entry -> entry.getKey().source().createdAt()))
                .map(entry -> new MainBranches.MainBranch(facts(entry.getKey().source()), entry.getValue()))
                .toList();
    }

    private final class Listener implements RecordingListener {
        @Override
        public void obeyed(SessionKey session, String verb, String message) {
            obeyed.add(verb);
        }

        @Override
        public void problem(SessionKey session, String code, String message, String remedy) {
            problems.add(code + ": " + message);
            remedies.add(remedy);
        }

        @Override
        public void denied(SessionKey session, Refusal refusal) {
            problems.add("denied: " + refusal.message());
        }

        @Override
        public void mended(SessionKey session, String code) {
            problems.add("mended: " + code);
        }
    }

    /** The tasks of that thread hang from now on. */
    void hold(String thread) {
        tasks.held = thread;
    }

    /** Nothing hangs any more. */
    void release() {
        tasks.held = "";
    }

    private void charge(long change) {
        held += change;
        mostHeld = Math.max(mostHeld, held);
    }

    /** The most that {@link #held} ever was. */
    long mostHeld() {
        return mostHeld;
    }

    /** Bytes that reading tapes is charged for. */
    long held() {
        return held - engine.heldPermanently();
    }

    public RecordingEngine engine() {
        return engine;
    }

    public List<String> problems() {
        return problems;
    }

    /** What is to be done about each problem, in the same order, without those that were denied or mended. */
    public List<String> remedies() {
        return remedies;
    }

    /** How many tasks that thread was given. */
    int tasks(String thread) {
        return tasks.given.getOrDefault(thread, 0);
    }

    /** How often the facts of a source were asked for. */
    int factsMade() {
        return factsMade;
    }

    /** The verbs that were carried out. */
    public List<String> obeyed() {
        return obeyed;
    }

    /** Everything that was there at the start was read. */
    void startRead() {
        engine.completeInitialScan();
    }

    /** Shows the engine all events that it was not shown, and lets a few tasks run after each. */
    public void read(Conversation conversation) {
        found(conversation);
        TapePosition from = read.getOrDefault(conversation, TapePosition.START);
        for (ConversationEvent event : conversation.events()) {
            if (event.header().source().position().isBefore(from)) {
                continue;
            }
            take(conversation, event);
            for (int steps = random.nextInt(6); steps > 0; steps--) {
                step();
            }
        }
    }

    /** Shows the engine the events of a conversation that it was not shown yet. */
    void goOn(Conversation conversation) {
        TapePosition from = read.entrySet().stream()
                .filter(each -> each.getKey().source().equals(conversation.source()))
                .map(Map.Entry::getValue)
                .max(Comparator.naturalOrder())
                .orElse(TapePosition.START);
        for (ConversationEvent event : conversation.events()) {
            if (!event.header().source().position().isBefore(from)) {
                take(conversation, event);
            }
        }
    }

    void found(Conversation conversation) {
        read.putIfAbsent(conversation, TapePosition.START);
        conversation.subagents().forEach(line -> engine.addSubagent(conversation.session(), line));
    }

    /** Shows the engine the events from there on. */
    void readFrom(Conversation conversation, int first) {
        for (ConversationEvent event :
                conversation.events().subList(first, conversation.events().size())) {
            take(conversation, event);
        }
    }

    public void take(Conversation conversation, ConversationEvent event) {
        take(conversation, event, false, "/work");
    }

    public void take(Conversation conversation, ConversationEvent event, boolean copied, String workingDirectory) {
        SourceInfo source = conversation.source();
        if (event.header().onMainLine()) {
            engine.accept(source, conversation.session(), event, copied, workingDirectory, () -> {
                factsMade++;
                return facts(source);
            });
            told.put(conversation, event.header().source().position().next());
        }
        read.put(conversation, event.header().source().position().next());
        save();
    }

    /** Notes from now on what a later run could go on from. */
    void noteWhatCouldBeSaved() {
        saves = true;
    }

    private void save() {
        if (!saves) {
            return;
        }
        told.forEach((conversation, place) -> {
            if (engine.isResumable(conversation.session())) {
                saved.add(new Saved(conversation, disk.operations(), place));
            }
        });
    }

    /** Every state in which the daemon could have saved a session, in order. */
    List<Saved> saved() {
        return saved;
    }

    /** Goes on with a conversation from where another run was. */
    void takeUp(Saved from) {
        Conversation conversation = from.conversation();
        found(conversation);
        read.put(conversation, from.told());
        told.put(conversation, from.told());
        engine.resume(conversation.session(), from.told(), () -> facts(conversation.source()));
    }

    private static RecordingFacts facts(SourceInfo source) {
        return new RecordingFacts(
                source.provider(),
                source.kind(),
                source.sourceId(),
                source.tapeFolder(),
                source.createdAt(),
                "",
                "The title",
                Optional.of(NOW.minusSeconds(600)));
    }

    /** A person's order at the command line, after what was read; what came of it is in the list that is answered. */
    List<CommandLineOrder.Reply> order(Conversation conversation, InChatCommand... commands) {
        List<CommandLineOrder.Reply> replies = new ArrayList<>();
        CommandLineOrder order = new CommandLineOrder(
                CommandLineOrder.ORIGIN + ++orders,
                List.of(commands),
                read.getOrDefault(conversation, TapePosition.START),
                "/work",
                replies::add);
        engine.order(conversation.session(), facts(conversation.source()), order);
        return replies;
    }

    /** The events up to there are told by another source of the session. */
    void repeated(Conversation conversation, ConversationEvent last) {
        TapePosition next = last.header().source().position().next();
        read.put(conversation, next);
        engine.acceptRepeated(conversation.session(), next, () -> facts(conversation.source()));
    }

    /** One task, or what one reported; false if there is nothing. */
    boolean step() {
        if (!inbox.isEmpty() && (random.nextBoolean() || tasks.ready().isEmpty())) {
            engine.report(inbox.remove());
            save();
            return true;
        }
        boolean ran = tasks.runOne(random);
        save();
        return ran || !inbox.isEmpty();
    }

    /** Runs until nothing is left to do, and what waits for time to pass has had it. */
    public void settle() {
        for (int rounds = 0; rounds < 6; rounds++) {
            for (int steps = 0; step(); steps++) {
                if (steps > MOST_STEPS) {
                    throw new AssertionError("it does not come to rest");
                }
            }
            clock.pass(Duration.ofSeconds(6));
            engine.tick();
        }
        while (step()) {
            // What the last tick asked for.
        }
    }
}
