package dev.kept.agents.codex;

import dev.kept.agents.codex.CodexDuplicates.Mark;
import dev.kept.agents.codex.CodexDuplicates.Statement;
import dev.kept.agents.codex.CodexUserText.Envelope;
import dev.kept.agents.codex.CodexUserText.Parted;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.EventHeader;
import dev.kept.model.TapeReference;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.ContentText;
import dev.kept.provider.support.RecentIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A reader of prompts, and of other texts under the role {@code user}.
 *
 * <p>The event has the text that a person typed ({@code user_message}; from 0.149 on {@code item_completed} of a {@code
 * UserMessage}). An item of the role {@code user} waits for its event. One that begins like the agent's own texts waits
 * for one record only: a person may begin a prompt like that too, and then the event comes right after it. Bare items
 * have no events, and are judged by their beginning.
 */
final class CodexPrompts {
    private static final String LEFT_TO_EVENT = "a prompt, told by its event";
    private static final String REPEATED = "repeats what the event beside it said";
    private static final String AWAITED = "waits for the event that may stand behind it";

    private final CodexDuplicates items = new CodexDuplicates();
    private final List<Statement> held = new ArrayList<>(0);
    private final CodexDuplicates machines = new CodexDuplicates();
    private final CodexSideRecords sideRecords = new CodexSideRecords();
    private boolean hasEvents;

    /** Prepares for a new turn. */
    void beginTurn() {
        sideRecords.beginTurn();
        machines.clearEmitted();
    }

    /** Returns the text of a record that marks it as a person's prompt; empty for other records. */
    private static Optional<JsonText> promptOf(JsonObject payload) {
        return switch (payload.stringOr("type", "")) {
            case "user_message" ->
                payload.get("message")
                        .flatMap(value -> value instanceof JsonText text ? Optional.of(text) : Optional.empty());
            case "item_completed" ->
                payload.object("item")
                        .filter(item -> item.stringOr("type", "").equals("UserMessage"))
                        .map(CodexPrompts::textOf);
            default -> Optional.empty();
        };
    }

    private static JsonText textOf(JsonObject item) {
        List<JsonText> texts = new ArrayList<>();
        for (JsonValue part : item.array("content")) {
            CodexContent.textOf(part).ifPresent(texts::add);
        }
        return texts.size() == 1
                ? texts.getFirst()
                : new JsonString(
                        String.join("\n", texts.stream().map(JsonText::value).toList()));
    }

    /** Settles a held item: if the record is its event, the item is a prompt; if not, its texts are emitted. */
    void settle(CodexRecord record) {
        if (held.isEmpty()) {
            return;
        }
        List<Statement> pieces = List.copyOf(held);
        held.clear();
        String all = CodexDuplicates.squeezed(
                String.join("", pieces.stream().map(Statement::text).toList()));
        Optional<JsonText> prompt = promptOf(record.payload());
        if (prompt.isPresent() && CodexDuplicates.squeezed(prompt.get().value()).equals(all)) {
            List<TapeReference> references = new ArrayList<>();
            pieces.forEach(piece -> references.addAll(piece.references()));
            Statement last = pieces.getLast();
            items.add(new Statement(
                            last.subtype().isEmpty() ? last.eventId() : "",
                            last.recordType(),
                            last.timestamp(),
                            "",
                            prompt.get().value(),
                            references,
                            last.mark()))
                    .forEach(over -> emitUnmatched(record, over));
            return;
        }
        pieces.forEach(piece -> emitOrHold(record, piece));
    }

    /** Reads an item of the role {@code user}. Returns the rule if it becomes no event. */
    Optional<String> readItem(CodexRecord record) {
        CodexUserItem item = CodexUserItem.of(record);
        if (item.guessed() && !record.isBare()) {
            held.addAll(item.pieces());
            return Optional.of(AWAITED);
        }
        if (!item.guessed()) {
            item.pieces().stream()
                    .filter(piece -> !piece.subtype().isEmpty())
                    .forEach(piece -> machines.addEmitted(fingerprint(piece.text())));
        }
        Optional<String> rule = Optional.empty();
        for (Statement piece : item.pieces()) {
            rule = emitOrHold(record, piece).or(() -> Optional.of(CodexSideRecords.REPEATED));
        }
        return rule;
    }

    /** Emits a text of the agent's own; a prompt waits for its event. Returns the rule if nothing was emitted. */
    private Optional<String> emitOrHold(CodexRecord record, Statement piece) {
        if (!piece.subtype().isEmpty()) {
            sideRecords.emit(record, piece);
            return Optional.empty();
        }
        if (record.isBare()) {
            emitUnmatched(record, piece);
            return Optional.empty();
        }
        if (items.removeEmitted(fingerprint(piece.text()))) {
            return Optional.of(REPEATED);
        }
        items.add(piece).forEach(over -> emitUnmatched(record, over));
        return Optional.of(LEFT_TO_EVENT);
    }

    /** Reads {@code user_message}. */
    Optional<String> readEvent(CodexRecord record) {
        JsonObject payload = record.payload();
        JsonText message =
                payload.get("message").orElse(JsonNull.NULL) instanceof JsonText text ? text : new JsonString("");
        ContentText content = record.content();
        for (JsonValue image : payload.array("images")) {
            if (image instanceof JsonText url) {
                content.referToUrl(url);
            }
        }
        // Up to 0.3x the agent's own texts came this way too, and were marked.
        String kind = CodexThread.mark(payload, "kind");
        if (!kind.isEmpty() && !kind.equals("plain")) {
            content.add(message);
            record.system("user", kind, content);
            items.removeFirst(statement ->
                    CodexDuplicates.squeezed(statement.text()).equals(CodexDuplicates.squeezed(message.value())));
            return Optional.empty();
        }
        return readTyped(record, "", message, content, payload.array("local_images"));
    }

    /** Reads {@code item_completed} of a {@code UserMessage}. Returns the rule if it becomes no event. */
    Optional<String> readCompleted(CodexRecord record, JsonObject item) {
        ContentText media = record.content();
        List<JsonValue> places = new ArrayList<>();
        for (JsonValue part : item.array("content")) {
            if (CodexContent.textOf(part).isPresent()) {
                continue;
            }
            if (CodexContent.imageOf(part).isPresent()) {
                media.referToUrl(CodexContent.imageOf(part).get());
            } else if (part instanceof JsonObject other && other.string("path").isPresent()) {
                places.add(new JsonString(other.stringOr("path", "")));
            }
        }
        return readTyped(record, item.stringOr("id", ""), textOf(item), media, places);
    }

    private Optional<String> readTyped(
            CodexRecord record, String id, JsonText message, ContentText media, List<JsonValue> places) {
        hasEvents = true;
        String text = message.value();
        Optional<Statement> item = removeTwin(record, text);
        if (item.isEmpty()) {
            items.addEmitted(fingerprint(text));
        }
        String eventId = id.isEmpty()
                ? record.thread().promptId(text)
                : record.thread().ids().ofName(id, "0");
        Parted parted = CodexUserText.partPrompt(text, record.thread().originator());
        emitPreface(record, eventId, parted);
        ContentText content = record.content();
        if (!parted.before().isEmpty()) {
            if (!parted.typed().isEmpty()) {
                content.add(parted.typed());
            }
            content.referToLarge(message);
        } else if (!text.isEmpty()) {
            content.add(message);
        }
        content.addReferences(media.references());
        if (media.references().isEmpty()) {
            item.ifPresent(statement -> content.addReferences(imagesOf(statement)));
        }
        if (content.isEmpty()) {
            places.forEach(place ->
                    content.add("[image: " + (place instanceof JsonText it ? it.value() : place.toJson()) + "]"));
        }
        if (content.text().isBlank() && content.references().isEmpty()) {
            return Optional.of("a prompt without words");
        }
        // Two contradictory marks: the prompt has no author.
        Authorship authorship =
                machines.removeEmitted(fingerprint(text)) ? Authorship.NONE : CodexAuthorship.of(record.thread());
        record.add(new UserMessage(record.header(eventId, authorship), content.text(), content.references()));
        return Optional.empty();
    }

    private void emitPreface(CodexRecord record, String eventId, Parted parted) {
        int number = 0;
        for (Envelope envelope : parted.before()) {
            String id = eventId + "/before" + (number == 0 ? "" : number);
            record.add(new SystemMessage(record.header(id, Authorship.NONE), envelope.subtype(), envelope.text()));
            number++;
        }
    }

    /**
     * Removes and returns the item with the text of an event. Older waiting items have no event and are emitted first.
     */
    private Optional<Statement> removeTwin(CodexRecord record, String text) {
        List<Statement> through = items.removeThrough(
                statement -> CodexDuplicates.squeezed(statement.text()).equals(CodexDuplicates.squeezed(text)));
        if (through.isEmpty()
                && items.peekLast()
                        .filter(statement -> text.isBlank() || isPartOf(statement.text(), text))
                        .isPresent()) {
            through = items.removeAll();
        }
        if (through.isEmpty()) {
            emitUnmatched(record);
            return Optional.empty();
        }
        through.subList(0, through.size() - 1).forEach(earlier -> emitUnmatched(record, earlier));
        return Optional.of(through.getLast());
    }

    private static List<TapeReference> imagesOf(Statement item) {
        return item.references().stream()
                .filter(reference -> !reference.mediaType().startsWith("text/"))
                .toList();
    }

    /** Emits all items whose event did not come, because the model has answered or the turn is over. */
    void emitUnmatched(CodexRecord record) {
        items.clearEmitted();
        if (!items.isEmpty()) {
            items.removeAll().forEach(statement -> emitUnmatched(record, statement));
        }
    }

    private void emitUnmatched(CodexRecord record, Statement statement) {
        String eventId = statement.eventId().isEmpty()
                ? record.thread().promptId(statement.text())
                : record.thread().ids().ofName(statement.eventId(), "0");
        boolean marked = statement.mark() == Mark.PERSON;
        Parted parted = marked
                ? CodexUserText.partPrompt(statement.text(), record.thread().originator())
                : unsaid(statement.text(), record.thread().originator());
        for (Envelope envelope : parted.before()) {
            sideRecords.emit(
                    record,
                    new Statement(
                            eventId + "/before" + record.events().size(),
                            statement.recordType(),
                            statement.timestamp(),
                            envelope.subtype(),
                            envelope.text(),
                            List.of(),
                            Mark.NONE));
        }
        if (parted.typed().isBlank()
                && statement.references().isEmpty()
                && !parted.before().isEmpty()) {
            return;
        }
        EventHeader header = record.header(
                eventId, statement.recordType(), statement.timestamp(), authorshipAlone(record, statement));
        record.add(new UserMessage(header, parted.typed(), statement.references()));
    }

    private static Parted unsaid(String text, String originator) {
        Parted parted = CodexUserText.partUnsaid(text);
        Parted request = CodexUserText.request(parted.typed(), originator);
        List<Envelope> before = new ArrayList<>(parted.before());
        before.addAll(request.before());
        return new Parted(before, request.typed());
    }

    /**
     * Returns the authorship of an item without an event. It is nobody's if there are events of prompts, or if the item
     * was copied and is emitted after the end of the copy.
     */
    private Authorship authorshipAlone(CodexRecord record, Statement statement) {
        boolean nobodys = switch (statement.mark()) {
            case PERSON -> false;
            case COPIED -> hasEvents || record.thread().copiedFrom().isEmpty();
            case NONE -> hasEvents;
        };
        boolean unmarked = statement.mark() != Mark.PERSON && record.thread().marksPrompts();
        return nobodys || unmarked ? Authorship.NONE : CodexAuthorship.of(record.thread());
    }

    /** Reads {@code turn_aborted}. */
    Optional<String> readAborted(CodexRecord record) {
        return sideRecords.readAborted(record);
    }

    /**
     * Reports whether one or several lines of the item are the text of the event: the item has the texts of all its
     * parts.
     */
    private static boolean isPartOf(String item, String event) {
        return !event.isBlank() && ("\n" + item + "\n").contains("\n" + event.strip() + "\n");
    }

    private static String fingerprint(String text) {
        String squeezed = CodexDuplicates.squeezed(text);
        return squeezed.length() + "/" + Long.toHexString(RecentIds.hash(squeezed));
    }

    void save(StateWriter out) {
        items.save(out);
        out.all(held, statement -> statement.save(out));
        machines.save(out);
        sideRecords.save(out);
        out.flag(hasEvents);
    }

    void restore(StateReader in) throws IOException {
        items.restore(in);
        held.addAll(in.all(Statement::restore));
        machines.restore(in);
        sideRecords.restore(in);
        hasEvents = in.flag();
    }

    long heldBytes() {
        long waiting = 0;
        for (Statement statement : held) {
            waiting += CodexDuplicates.heldBytes(statement);
        }
        return 72 + items.heldBytes() + waiting + machines.heldBytes();
    }
}
