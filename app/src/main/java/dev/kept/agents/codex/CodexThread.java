package dev.kept.agents.codex;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.BoundedText;
import dev.kept.model.EventHeader;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.RecordTime;
import dev.kept.text.SafeId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The thread of a file, and the position of the next record in it.
 *
 * <p>The first {@code session_meta} names the thread. A later one with another id begins a copy of that thread's
 * records: forks copy whole files, and so did each resume before 0.37, with the time of copying on every record. The
 * copy ends at the first turn that began after the thread did, if a turn's id contains its time (from 0.121 on), or
 * else at the first record that was not written right after the one before it.
 */
final class CodexThread {
    /** Longest time between copied records, which are written at once; people and models take longer. */
    private static final long ONE_GO_MS = 1_000;

    /** Size of an entry, and of a string without its characters. */
    private static final int FACT_BYTES = 24 + 24 + 16;

    /** A mark that cannot be read; it never stands for a person. */
    static final String UNCLEAR = "?";

    private static final String SUBAGENT = "subagent";
    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\b");

    /**
     * The minor version of the first 0.x in which every prompt has an event (457 counted, in all versions from there
     * on).
     */
    private static final int FIRST_WITH_MARKS = 34;

    private final Optional<String> pathId;
    private final CodexIds ids = new CodexIds();
    private final Map<String, String> lastFacts = new HashMap<>();
    private String id = "";
    private String line = EventHeader.MAIN_LINE;
    private String originator = "";
    private String origin = "";
    private long beganAtMs;
    private String place = "";
    private String copiedFrom = "";
    private long copiedAtMs;
    private boolean apart;
    private String turn = "";
    private String trigger = "";
    private String model = "";
    private boolean marksPrompts;

    /**
     * Creates the thread of a file.
     *
     * @param pathId the thread's id in the file name
     */
    CodexThread(Optional<String> pathId) {
        this.pathId = pathId;
    }

    /** Reports whether no record has named the thread yet. */
    boolean isUnknown() {
        return id.isEmpty();
    }

    CodexIds ids() {
        return ids;
    }

    /** Returns the branch: {@link EventHeader#MAIN_LINE}, or the thread's id if an agent started it. */
    String line() {
        return line;
    }

    boolean isSubagent() {
        return !line.equals(EventHeader.MAIN_LINE);
    }

    Optional<String> turn() {
        return turn.isEmpty() ? Optional.empty() : Optional.of(turn);
    }

    String model() {
        return model;
    }

    /** Returns the program that started the thread, e.g. {@code codex-tui}; empty as long as it is not known. */
    String originator() {
        return originator;
    }

    /**
     * Returns the origin of the thread: {@code cli}, {@code vscode}, {@code exec}, {@code mcp}, {@code subagent}, or
     * {@code custom} for another program that a person types in; {@value #UNCLEAR} for anything else, empty as long as
     * it is not known.
     */
    String origin() {
        return origin;
    }

    /** Reports whether the version that started the thread writes an event for each prompt that a person typed. */
    boolean marksPrompts() {
        return marksPrompts;
    }

    /** Returns the trigger of the turn: {@code user}, {@code exec}; empty if it is not recorded. */
    String trigger() {
        return trigger;
    }

    /** Returns the thread from which the current record was copied; empty for records of this thread itself. */
    Optional<String> copiedFrom() {
        return copiedFrom.isEmpty() ? Optional.empty() : Optional.of(copiedFrom);
    }

    /** Notes the time of a record before it is read. */
    void noteTime(Optional<Instant> at) {
        if (copiedFrom.isEmpty() || at.isEmpty()) {
            return;
        }
        long now = at.get().toEpochMilli();
        apart = now >= beganAtMs && now - copiedAtMs >= ONE_GO_MS;
        if (apart && timeOf(turn).isEmpty()) {
            copiedFrom = "";
        }
        copiedAtMs = now;
    }

    /** Reads the header of a thread: {@code session_meta}, or the first line of a bare file. */
    List<SessionFact> readHeader(JsonObject meta, Optional<Instant> at) {
        String written = meta.stringOr("id", meta.stringOr("session_id", ""));
        String named = written.isEmpty() ? written : SafeId.of(written);
        if (!isUnknown()) {
            return readLaterHeader(named, at);
        }
        id = named.isEmpty() ? pathId.orElse("?") : named;
        originator = mark(meta, "originator");
        origin = origin(meta);
        marksPrompts = marksPrompts(meta.stringOr("cli_version", ""));
        beganAtMs = timeOf(id)
                .or(() -> RecordTime.of(meta.stringOr("timestamp", "")).map(Instant::toEpochMilli))
                .orElse(0L);
        place = id;
        enter();
        List<SessionFact> facts = new ArrayList<>();
        String session = id;
        if (origin.equals(SUBAGENT)) {
            line = id;
            session = parent(meta).orElse(id);
        }
        if (isSubagent() || !pathId.equals(Optional.of(session))) {
            facts.add(isSubagent() ? new SessionFact.ChildOf(session, id) : new SessionFact.Identity(session));
        }
        // Rules about folders apply to a subagent's file, too.
        addIfChanged(facts, meta, "cwd", SessionFact.WorkingDirectory::new);
        if (!isSubagent()) {
            meta.object("git").ifPresent(git -> addIfChanged(facts, git, "branch", SessionFact.GitBranch::new));
            addIfChanged(facts, meta, "cli_version", SessionFact.ClientVersion::new);
            addIfChanged(facts, meta, "forked_from_id", SessionFact.ForkedFrom::new);
        }
        return facts;
    }

    private List<SessionFact> readLaterHeader(String named, Optional<Instant> at) {
        if (named.isEmpty()) {
            return List.of();
        }
        place = named;
        copiedFrom = named.equals(id) ? "" : named;
        copiedAtMs = at.map(Instant::toEpochMilli).orElse(0L);
        if (turn.isEmpty()) {
            enter();
        }
        return List.of();
    }

    /** Returns the origin in a header. A source is a word, or an object whose one member is the word. */
    private static String origin(JsonObject meta) {
        JsonValue source = meta.get("source").orElse(JsonNull.NULL);
        String word = source instanceof JsonObject object
                ? object.members().keySet().stream()
                        .reduce((one, other) -> UNCLEAR)
                        .orElse(UNCLEAR)
                : mark(meta, "source");
        String thread = mark(meta, "thread_source");
        if (word.equals(SUBAGENT) || thread.equals(SUBAGENT)) {
            return SUBAGENT;
        }
        boolean known = source instanceof JsonObject ? word.equals("custom") : !word.equals(UNCLEAR);
        return known && (thread.isEmpty() || thread.equals("user")) ? word : UNCLEAR;
    }

    /** Returns the text of a mark; {@value #UNCLEAR} if it is not a text, empty if there is none. */
    static String mark(JsonObject in, String name) {
        return switch (in.get(name).orElse(JsonNull.NULL)) {
            case JsonText text -> BoundedText.shortened(text.value(), BoundedText.MAX_NAME);
            case JsonNull _ -> "";
            case JsonValue _ -> UNCLEAR;
        };
    }

    private static boolean marksPrompts(String version) {
        Matcher numbers = VERSION.matcher(version);
        return numbers.lookingAt()
                && (!numbers.group(1).equals("0") || Integer.parseInt(numbers.group(2)) >= FIRST_WITH_MARKS);
    }

    /** Returns the session whose agent started this thread. */
    private static Optional<String> parent(JsonObject meta) {
        Optional<JsonObject> spawn = meta.object("source")
                .flatMap(source -> source.object("subagent"))
                .flatMap(subagent -> subagent.object("thread_spawn"));
        Optional<String> root = meta.string("session_id").filter(session -> !session.equals(meta.stringOr("id", "")));
        return root.or(() -> spawn.flatMap(it -> it.string("parent_thread_id")))
                .or(() -> meta.string("parent_thread_id"))
                .or(() -> meta.string("forked_from_id"))
                .filter(parent -> !parent.isEmpty());
    }

    /** Reads the turn of a record; it may be a new one or the current one again. */
    void readTurn(JsonObject payload) {
        String named = BoundedText.id(payload.stringOr("turn_id", ""));
        JsonValue attribution = payload.get("turn_attribution").orElse(JsonNull.NULL);
        boolean another = !named.isEmpty() && !named.equals(turn);
        trigger = switch (attribution) {
            case JsonObject object -> mark(object, "turn_trigger");
            case JsonNull _ -> another ? "" : trigger;
            case JsonValue _ -> UNCLEAR;
        };
        if (!another) {
            return;
        }
        turn = named;
        if (timeOf(named).map(at -> at >= beganAtMs).orElse(apart)) {
            copiedFrom = "";
        }
        enter();
    }

    /**
     * Returns the id of a prompt that has none. If turns have no ids, the prompt becomes the scope of the records after
     * it.
     */
    String promptId(String text) {
        if (!turn.isEmpty()) {
            return ids.ofText("user " + text);
        }
        String prompt = ids.ofPrompt(place, text);
        ids.enter(place + "\n" + prompt);
        return prompt;
    }

    private static String name(JsonObject of, String member, String otherwise) {
        return BoundedText.shortened(of.stringOr(member, otherwise), BoundedText.MAX_NAME);
    }

    private void enter() {
        if (turn.isEmpty()) {
            ids.enter(place);
        } else {
            ids.enterTurn(turn);
        }
    }

    /** Reads the context of a turn and returns its facts about the session. */
    List<SessionFact> readContext(JsonObject context) {
        model = name(context, "model", model);
        List<SessionFact> facts = new ArrayList<>();
        addIfChanged(facts, context, "cwd", SessionFact.WorkingDirectory::new);
        if (!isSubagent()) {
            addIfChanged(facts, context, "model", SessionFact.Model::new);
        }
        return facts;
    }

    /** Returns the name that a person or the agent gave the thread. */
    List<SessionFact> readName(JsonObject payload) {
        List<SessionFact> facts = new ArrayList<>();
        if (!isSubagent()) {
            addIfChanged(facts, payload, "thread_name", title -> new SessionFact.Title(title, true));
        }
        return facts;
    }

    /** Returns the title for a thread that began with a command: it is used until a person writes a prompt. */
    List<SessionFact> commandTitle(String command) {
        return isSubagent() || command.isBlank() ? List.of() : List.of(new SessionFact.Title(command, Origin.COMMAND));
    }

    private boolean updateFact(String name, String value) {
        String key = BoundedText.key(value);
        return !key.equals(lastFacts.put(name, key));
    }

    private void addIfChanged(
            List<SessionFact> facts, JsonObject from, String name, Function<String, SessionFact> fact) {
        String value = from.stringOr(name, "");
        if (!value.isEmpty() && updateFact(name, value)) {
            facts.add(fact.apply(value));
        }
    }

    /** Returns the creation time of an id, in ms since 1970; empty for all but UUIDs of version 7. */
    static Optional<Long> timeOf(String uuid) {
        if (uuid.length() != 36 || uuid.charAt(8) != '-' || uuid.charAt(14) != '7') {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(uuid.substring(0, 8) + uuid.substring(9, 13), 16));
        } catch (NumberFormatException notHex) {
            return Optional.empty();
        }
    }

    void save(StateWriter out) {
        ids.save(out);
        out.all(lastFacts, StateWriter::text);
        for (String text : List.of(id, line, originator, origin, place, copiedFrom, turn, trigger, model)) {
            out.text(text);
        }
        out.number(beganAtMs);
        out.number(copiedAtMs);
        out.flag(apart);
        out.flag(marksPrompts);
    }

    void restore(StateReader in) throws IOException {
        ids.restore(in);
        in.all(StateReader::text, lastFacts::put);
        id = in.text();
        line = in.text();
        originator = in.text();
        origin = in.text();
        place = in.text();
        copiedFrom = in.text();
        turn = in.text();
        trigger = in.text();
        model = in.text();
        beganAtMs = in.number();
        copiedAtMs = in.number();
        apart = in.flag();
        marksPrompts = in.flag();
    }

    /** Returns the heap that this object uses, in bytes. */
    long heldBytes() {
        long texts = 0;
        for (String value : lastFacts.values()) {
            texts += FACT_BYTES + BoundedText.bytes(value);
        }
        return 400 + texts + ids.heldBytes();
    }
}
