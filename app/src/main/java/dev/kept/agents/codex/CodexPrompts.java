package dev.kept.agents.codex;

import dev.kept.agents.codex.CodexDuplicates.Mark;
import dev.kept.agents.codex.CodexDuplicates.Saying;
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
 * Reads prompts, and what else stands under the role {@code user}.
 *
 * <p>What a person typed is what the event says ({@code user_message}; from 0.149 on {@code item_completed} of a {@code
 * UserMessage}). An item of the role {@code user} waits for its event. One that begins like the agent's own texts
 * waits for one record: a person may begin a prompt like that, too, and then the event stands right behind it. Bare
 * items have no events, and are told by how they begin.
 */
final class CodexPrompts {
    private static final String SAID_BY_EVENT = "a prompt, told by its event";
    private static final String SAID_BEFORE = "repeats what the event beside it said";
    private static final String AWAITED = "waits for the event that may stand behind it";

    private final CodexDuplicates items = new CodexDuplicates();
    private final List<Saying> held = new ArrayList<>(0);
    private final CodexDuplicates machines = new CodexDuplicates();
    private final CodexSideRecords asides = new CodexSideRecords();
    private boolean hasEvents;

    /** A turn begins: one interruption more can be told. */
    void turnBegins() {
        asides.turnBegins();
        machines.forgetTold();
    }

    /** What a record calls a person's prompt; empty if it does not. */
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

    /** Looks whether the record is the event that an item waited for; if not, that item's texts are told. */
    void settle(CodexRecord record) {
        if (held.isEmpty()) {
            return;
        }
        List<Saying> pieces = List.copyOf(held);
        held.clear();
        String all = CodexDuplicates.squeezed(
                String.join("", pieces.stream().map(Saying::text).toList()));
        Optional<JsonText> prompt = promptOf(record.payload());
        if (prompt.isPresent() && CodexDuplicates.squeezed(prompt.get().value()).equals(all)) {
            List<TapeReference> references = new ArrayList<>();
            pieces.forEach(piece -> references.addAll(piece.references()));
            Saying last = pieces.getLast();
            items.await(new Saying(
                            last.subtype().isEmpty() ? last.eventId() : "",
                            last.recordType(),
                            last.timestamp(),
                            "",
                            prompt.get().value(),
                            references,
                            last.mark()))
                    .forEach(over -> tellAlone(record, over));
            return;
        }
        pieces.forEach(piece -> tellOrAwait(record, piece));
    }

    /** Reads an item of the role {@code user}. Returns the rule if it becomes nothing. */
    Optional<String> readItem(CodexRecord record) {
        CodexUserItem item = CodexUserItem.of(record);
        if (item.guessed() && !record.isBare()) {
            held.addAll(item.pieces());
            return Optional.of(AWAITED);
        }
        if (!item.guessed()) {
            item.pieces().stream()
                    .filter(piece -> !piece.subtype().isEmpty())
                    .forEach(piece -> machines.told(fingerprint(piece.text())));
        }
        Optional<String> rule = Optional.empty();
        for (Saying piece : item.pieces()) {
            rule = tellOrAwait(record, piece).or(() -> Optional.of(CodexSideRecords.TOLD_BEFORE));
        }
        return rule;
    }

    /** Tells a text of the agent's own; a prompt waits. Returns the rule if this is one. */
    private Optional<String> tellOrAwait(CodexRecord record, Saying piece) {
        if (!piece.subtype().isEmpty()) {
            asides.tell(record, piece);
            return Optional.empty();
        }
        if (record.isBare()) {
            tellAlone(record, piece);
            return Optional.empty();
        }
        if (items.wasTold(fingerprint(piece.text()))) {
            return Optional.of(SAID_BEFORE);
        }
        items.await(piece).forEach(over -> tellAlone(record, over));
        return Optional.of(SAID_BY_EVENT);
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
            items.take(saying ->
                    CodexDuplicates.squeezed(saying.text()).equals(CodexDuplicates.squeezed(message.value())));
            return Optional.empty();
        }
        return readTyped(record, "", message, content, payload.array("local_images"));
    }

    /** Reads {@code item_completed} of a {@code UserMessage}. Returns the rule if it becomes nothing. */
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
        Optional<Saying> item = takeTwin(record, text);
        if (item.isEmpty()) {
            items.told(fingerprint(text));
        }
        String eventId = id.isEmpty()
                ? record.thread().promptId(text)
                : record.thread().ids().named(id, "0");
        Parted parted = CodexUserText.partPrompt(text, record.thread().originator());
        tellBefore(record, eventId, parted);
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
            item.ifPresent(saying -> content.addReferences(imagesOf(saying)));
        }
        if (content.isEmpty()) {
            places.forEach(place ->
                    content.add("[image: " + (place instanceof JsonText it ? it.value() : place.toJson()) + "]"));
        }
        if (content.text().isBlank() && content.references().isEmpty()) {
            return Optional.of("a prompt without words");
        }
        // Two marks that contradict each other: nobody said it.
        Authorship authorship =
                machines.wasTold(fingerprint(text)) ? Authorship.NONE : CodexAuthorship.of(record.thread());
        record.add(new UserMessage(record.header(eventId, authorship), content.text(), content.references()));
        return Optional.empty();
    }

    private void tellBefore(CodexRecord record, String eventId, Parted parted) {
        int number = 0;
        for (Envelope envelope : parted.before()) {
            String id = eventId + "/before" + (number == 0 ? "" : number);
            record.add(new SystemMessage(record.header(id, Authorship.NONE), envelope.subtype(), envelope.text()));
            number++;
        }
    }

    /** Takes the item that says what the event says. Those that wait for longer have no event: they are told first. */
    private Optional<Saying> takeTwin(CodexRecord record, String text) {
        List<Saying> through = items.takeThrough(
                saying -> CodexDuplicates.squeezed(saying.text()).equals(CodexDuplicates.squeezed(text)));
        if (through.isEmpty()
                && items.last()
                        .filter(saying -> text.isBlank() || isPartOf(saying.text(), text))
                        .isPresent()) {
            through = items.takeAll();
        }
        if (through.isEmpty()) {
            tellAlone(record);
            return Optional.empty();
        }
        through.subList(0, through.size() - 1).forEach(earlier -> tellAlone(record, earlier));
        return Optional.of(through.getLast());
    }

    private static List<TapeReference> imagesOf(Saying item) {
        return item.references().stream()
                .filter(reference -> !reference.mediaType().startsWith("text/"))
                .toList();
    }

    /** The model has answered, or the turn is over: tells every item whose event did not come. */
    void tellAlone(CodexRecord record) {
        items.forgetTold();
        if (!items.isEmpty()) {
            items.takeAll().forEach(saying -> tellAlone(record, saying));
        }
    }

    private void tellAlone(CodexRecord record, Saying saying) {
        String eventId = saying.eventId().isEmpty()
                ? record.thread().promptId(saying.text())
                : record.thread().ids().named(saying.eventId(), "0");
        boolean marked = saying.mark() == Mark.PERSON;
        Parted parted = marked
                ? CodexUserText.partPrompt(saying.text(), record.thread().originator())
                : unsaid(saying.text(), record.thread().originator());
        for (Envelope envelope : parted.before()) {
            asides.tell(
                    record,
                    new Saying(
                            eventId + "/before" + record.events().size(),
                            saying.recordType(),
                            saying.timestamp(),
                            envelope.subtype(),
                            envelope.text(),
                            List.of(),
                            Mark.NONE));
        }
        if (parted.typed().isBlank()
                && saying.references().isEmpty()
                && !parted.before().isEmpty()) {
            return;
        }
        EventHeader header =
                record.header(eventId, saying.recordType(), saying.timestamp(), authorshipAlone(record, saying));
        record.add(new UserMessage(header, parted.typed(), saying.references()));
    }

    private static Parted unsaid(String text, String originator) {
        Parted parted = CodexUserText.partUnsaid(text);
        Parted request = CodexUserText.request(parted.typed(), originator);
        List<Envelope> before = new ArrayList<>(parted.before());
        before.addAll(request.before());
        return new Parted(before, request.typed());
    }

    /** Where prompts have events, an item without one is nobody's; so is one of a copy that is told behind its end. */
    private Authorship authorshipAlone(CodexRecord record, Saying saying) {
        boolean nobodys = switch (saying.mark()) {
            case PERSON -> false;
            case COPIED -> hasEvents || record.thread().copiedFrom().isEmpty();
            case NONE -> hasEvents;
        };
        boolean unmarked = saying.mark() != Mark.PERSON && record.thread().marksPrompts();
        return nobodys || unmarked ? Authorship.NONE : CodexAuthorship.of(record.thread());
    }

    /** Reads {@code turn_aborted}. */
    Optional<String> readAborted(CodexRecord record) {
        return asides.readAborted(record);
    }

    /** Whether a line of the item, or some of them, are the event: the item has the texts of all its parts. */
    private static boolean isPartOf(String item, String event) {
        return !event.isBlank() && ("\n" + item + "\n").contains("\n" + event.strip() + "\n");
    }

    private static String fingerprint(String text) {
        String squeezed = CodexDuplicates.squeezed(text);
        return squeezed.length() + "/" + Long.toHexString(RecentIds.hash(squeezed));
    }

    void save(StateWriter out) {
        items.save(out);
        out.all(held, saying -> saying.save(out));
        machines.save(out);
        asides.save(out);
        out.flag(hasEvents);
    }

    void restore(StateReader in) throws IOException {
        items.restore(in);
        held.addAll(in.all(Saying::restore));
        machines.restore(in);
        asides.restore(in);
        hasEvents = in.flag();
    }

    long heldBytes() {
        long waiting = 0;
        for (Saying saying : held) {
            waiting += CodexDuplicates.heldBytes(saying);
        }
        return 72 + items.heldBytes() + waiting + machines.heldBytes();
    }
}
