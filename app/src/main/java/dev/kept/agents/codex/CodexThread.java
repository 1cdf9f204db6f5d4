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
 * Which thread a file is, and where in it the next record stands.
 *
 * <p>The first {@code session_meta} names the thread. A later one with another id begins a copy of that thread's records:
 * whole files are copied by forks, and were by each resume before 0.37, with the time of the copying on every record. The
 * copy ends at the first turn that began after the thread did, where a turn's id holds its time (from 0.121 on), and
 * otherwise at the first record that was not written in one go with the one before it.
 */
final class CodexThread {
    /** Copied records are written in one go; people and models take longer. */
    private static final long ONE_GO_MS = 1_000;

    /** An entry, and a string without its characters. */
    private static final int TOLD_BYTES = 24 + 24 + 16;

    /** A mark that is there and cannot be read: it never speaks for a person. */
    static final String UNCLEAR = "?";

    private static final String SUBAGENT = "subagent";
    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\b");

    /**
     * The second number of the first 0.x whose every prompt has an event (457 counted, in all versions from there on).
     */
    private static final int FIRST_WITH_MARKS = 34;

    private final Optional<String> pathId;
    private final CodexIds ids = new CodexIds();
    private final Map<String, String> told = new HashMap<>();
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
     * @param pathId the thread's id in the file's name
     */
    CodexThread(Optional<String> pathId) {
        this.pathId = pathId;
    }

    /** True until a record told which thread it is. */
    boolean isUnknown() {
        return id.isEmpty();
    }

    CodexIds ids() {
        return ids;
    }

    /** {@link EventHeader#MAIN_LINE}, or the thread's id when an agent began it. */
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

    /** The program that began the thread, e.g. {@code codex-tui}; empty before it was written down. */
    String originator() {
        return originator;
    }

    /**
     * How the thread was begun: {@code cli}, {@code vscode}, {@code exec}, {@code mcp}, {@code subagent}, {@code
     * custom} for another program that a person types in; {@value #UNCLEAR} for anything else, empty before it was
     * written down.
     */
    String origin() {
        return origin;
    }

    /** True if the version that began the thread writes an event for each prompt that a person typed. */
    boolean marksPrompts() {
        return marksPrompts;
    }

    /** What began the turn: {@code user}, {@code exec}; empty where that is not written down. */
    String trigger() {
        return trigger;
    }

    /** The thread that the record at hand was copied from; empty for records of this thread's own. */
    Optional<String> copiedFrom() {
        return copiedFrom.isEmpty() ? Optional.empty() : Optional.of(copiedFrom);
    }

    /** Looks at when a record was written, before it is read. */
    void passes(Optional<Instant> at) {
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
    List<SessionFact> begins(JsonObject meta, Optional<Instant> at) {
        String written = meta.stringOr("id", meta.stringOr("session_id", ""));
        String named = written.isEmpty() ? written : SafeId.of(written);
        if (!isUnknown()) {
            return beginsAgain(named, at);
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
        // Rules about folders hold for a subagent's file, too.
        tell(facts, meta, "cwd", SessionFact.WorkingDirectory::new);
        if (!isSubagent()) {
            meta.object("git").ifPresent(git -> tell(facts, git, "branch", SessionFact.GitBranch::new));
            tell(facts, meta, "cli_version", SessionFact.ClientVersion::new);
            tell(facts, meta, "forked_from_id", SessionFact.ForkedFrom::new);
        }
        return facts;
    }

    private List<SessionFact> beginsAgain(String named, Optional<Instant> at) {
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

    /** A source is a word, or an object with one member that is the word. */
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

    /** What a mark says; {@value #UNCLEAR} if it is no word, empty if there is none. */
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

    /** The session whose agent began this thread. */
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

    /** A turn begins, or a record tells again which one it is. */
    void turns(JsonObject payload) {
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

    /** The id of a prompt without one. Where turns have no ids, what follows stands below its last prompt. */
    String promptId(String text) {
        if (!turn.isEmpty()) {
            return ids.said("user " + text);
        }
        String prompt = ids.prompt(place, text);
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

    /** What the context of a turn says about the session. */
    List<SessionFact> inContext(JsonObject context) {
        model = name(context, "model", model);
        List<SessionFact> facts = new ArrayList<>();
        tell(facts, context, "cwd", SessionFact.WorkingDirectory::new);
        if (!isSubagent()) {
            tell(facts, context, "model", SessionFact.Model::new);
        }
        return facts;
    }

    /** A person, or the agent, named the thread. */
    List<SessionFact> named(JsonObject payload) {
        List<SessionFact> facts = new ArrayList<>();
        if (!isSubagent()) {
            tell(facts, payload, "thread_name", title -> new SessionFact.Title(title, true));
        }
        return facts;
    }

    /** A person began with a command that is no prompt: it names the thread until somebody says something. */
    List<SessionFact> commanded(String command) {
        return isSubagent() || command.isBlank() ? List.of() : List.of(new SessionFact.Title(command, Origin.COMMAND));
    }

    private boolean isNew(String name, String value) {
        String key = BoundedText.key(value);
        return !key.equals(told.put(name, key));
    }

    private void tell(List<SessionFact> facts, JsonObject from, String name, Function<String, SessionFact> fact) {
        String value = from.stringOr(name, "");
        if (!value.isEmpty() && isNew(name, value)) {
            facts.add(fact.apply(value));
        }
    }

    /** When an id was made, ms since 1970; empty for ids that do not tell (all but UUIDs of version 7). */
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
        out.all(told, StateWriter::text);
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
        in.all(StateReader::text, told::put);
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

    /** Bytes of heap that it takes. */
    long heldBytes() {
        long texts = 0;
        for (String value : told.values()) {
            texts += TOLD_BYTES + BoundedText.bytes(value);
        }
        return 400 + texts + ids.heldBytes();
    }
}
