package dev.kept.provider.codex;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.UserCommand;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.EventHeader;
import dev.kept.model.TapeReference;
import dev.kept.provider.ContentText;
import dev.kept.provider.RecentIds;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.codex.CodexTwins.Saying;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads prompts, and what else stands under the role {@code user}.
 *
 * <p>What a person typed is what the event says ({@code user_message}; from 0.149 on {@code item_completed} of a {@code
 * UserMessage}). An item of the role {@code user} waits for its event; bare items have none, and are told by how they begin.
 */
final class CodexUsers {
    private static final String SAID_BY_EVENT = "a prompt, told by its event";
    private static final String SAID_BEFORE = "repeats what the event beside it said";

    private final CodexTwins items = new CodexTwins();
    private boolean hasEvents;
    private boolean interruptionTold;

    /** A turn begins: one interruption more can be told. */
    void turnBegins() {
        interruptionTold = false;
    }

    /** Reads an item of the role {@code user}. Returns the rule if it becomes nothing. */
    Optional<String> readItem(CodexRecord record) {
        JsonObject payload = record.payload();
        List<JsonValue> content = payload.get("content").orElse(JsonNull.NULL) instanceof JsonText text
                ? List.of(text)
                : payload.array("content");
        List<JsonValue> kinds = payload.object("internal_chat_message_metadata_passthrough")
                .map(it -> it.array("content_item_kinds"))
                .orElse(List.of());
        ContentText prompt = record.content();
        boolean said = false;
        boolean interrupted = false;
        for (int i = 0; i < content.size(); i++) {
            JsonValue item = content.get(i);
            String kind = i < kinds.size() && kinds.get(i) instanceof JsonText text ? text.value() : "";
            Optional<JsonText> text = CodexContent.textOf(item);
            Optional<String> subtype = subtypeOf(kind, text, record.isBare());
            if (subtype.isPresent() && text.isPresent()) {
                interrupted |= !readMachineText(record, i, subtype.get(), text.get());
                continue;
            }
            if (text.isPresent()) {
                if (!CodexContent.isImageTag(text.get().value())) {
                    prompt.add(text.get());
                }
            } else if (CodexContent.imageOf(item).isPresent()) {
                prompt.referToUrl(CodexContent.imageOf(item).get());
            } else {
                prompt.add(item.toJson());
            }
            said |= kind.startsWith("user.");
        }
        if (prompt.isEmpty()) {
            return interrupted && record.events().isEmpty()
                    ? Optional.of("an interruption that was told before")
                    : Optional.empty();
        }
        return readPromptItem(record, prompt, said);
    }

    private static Optional<String> subtypeOf(String kind, Optional<JsonText> text, boolean bare) {
        if (kind.startsWith("user.")) {
            return Optional.empty();
        }
        Optional<String> known = text.flatMap(
                it -> bare ? CodexUserText.subtypeOfUnsaid(it.value()) : CodexUserText.subtypeOf(it.value()));
        if (known.isPresent() || kind.isEmpty() || kind.equals("unknown")) {
            return known;
        }
        return Optional.of(
                kind.equals("compaction.summary") ? "compact_summary" : kind.substring(kind.indexOf('.') + 1));
    }

    private Optional<String> readPromptItem(CodexRecord record, ContentText prompt, boolean said) {
        if (record.isBare()) {
            String eventId = record.thread().promptId(prompt.text());
            tell(record, eventId, prompt, CodexAuthorship.of(record.thread()));
            return Optional.empty();
        }
        if (items.wasTold(fingerprint(prompt.text()))) {
            return Optional.of(SAID_BEFORE);
        }
        List<Saying> over = items.await(new Saying(
                record.payload().stringOr("id", ""),
                record.type(),
                record.timestamp(),
                prompt.text(),
                prompt.references(),
                said));
        over.forEach(saying -> tellAlone(record, saying));
        return record.events().isEmpty() ? Optional.of(SAID_BY_EVENT) : Optional.empty();
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
        String kind = payload.stringOr("kind", "plain");
        if (!kind.equals("plain")) {
            content.add(message);
            record.system("user", kind, content);
            items.take(saying -> matches(saying.text(), message.value()));
            return Optional.empty();
        }
        readTyped(record, "", message, content, payload.array("local_images"));
        return Optional.empty();
    }

    /** Reads {@code item_completed} of a {@code UserMessage}. */
    void readCompleted(CodexRecord record, JsonObject item) {
        ContentText media = record.content();
        List<JsonValue> places = new ArrayList<>();
        List<JsonText> texts = new ArrayList<>();
        for (JsonValue part : item.array("content")) {
            Optional<JsonText> text = CodexContent.textOf(part);
            if (text.isPresent()) {
                texts.add(text.get());
            } else if (CodexContent.imageOf(part).isPresent()) {
                media.referToUrl(CodexContent.imageOf(part).get());
            } else if (part instanceof JsonObject other && other.string("path").isPresent()) {
                places.add(new JsonString(other.stringOr("path", "")));
            }
        }
        JsonText message = texts.size() == 1
                ? texts.getFirst()
                : new JsonString(
                        String.join("\n", texts.stream().map(JsonText::value).toList()));
        readTyped(record, item.stringOr("id", ""), message, media, places);
    }

    private void readTyped(CodexRecord record, String id, JsonText message, ContentText media, List<JsonValue> places) {
        hasEvents = true;
        String text = message.value();
        Optional<Saying> item = items.take(saying -> matches(saying.text(), text));
        if (item.isEmpty() && text.isBlank()) {
            item = items.take(_ -> true);
        }
        if (item.isEmpty()) {
            items.told(fingerprint(text));
        }
        ContentText content = record.content();
        CodexUserText.Request request = CodexUserText.request(text);
        Optional<String> subtype = CodexUserText.subtypeOf(text);
        if (subtype.isPresent()) {
            readMachineText(record, 0, subtype.get(), message);
            return;
        }
        String eventId = id.isEmpty()
                ? record.thread().promptId(text)
                : record.thread().ids().named(id, "0");
        if (!request.context().isEmpty()) {
            record.add(new SystemMessage(
                    record.header(eventId + "/ide", Authorship.NONE), "ide_context", request.context()));
            if (request.typed().isBlank() && media.references().isEmpty() && item.isEmpty()) {
                return;
            }
            content.add(request.typed());
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
        record.add(new UserMessage(
                record.header(eventId, CodexAuthorship.of(record.thread())), content.text(), content.references()));
    }

    private static List<TapeReference> imagesOf(Saying item) {
        return item.references().stream()
                .filter(reference -> !reference.mediaType().startsWith("text/"))
                .toList();
    }

    /** Tells every item whose event did not come: the model has answered, or the turn is over. */
    void tellAlone(CodexRecord record) {
        if (!items.isEmpty()) {
            items.takeAll().forEach(saying -> tellAlone(record, saying));
        }
    }

    private void tellAlone(CodexRecord record, Saying saying) {
        String eventId = saying.eventId().isEmpty()
                ? record.thread().promptId(saying.text())
                : record.thread().ids().named(saying.eventId(), "0");
        Optional<String> subtype = saying.authored() ? Optional.empty() : CodexUserText.subtypeOfUnsaid(saying.text());
        // Where prompts have events, an item without one is nobody's prompt.
        Authorship authorship = subtype.isPresent() || (hasEvents && !saying.authored())
                ? Authorship.NONE
                : CodexAuthorship.of(record.thread());
        EventHeader header = record.header(eventId, saying.recordType(), saying.timestamp(), authorship);
        if (subtype.isPresent() && saying.references().isEmpty()) {
            record.add(new SystemMessage(header, subtype.get(), saying.text()));
            return;
        }
        record.add(new UserMessage(header, saying.text(), saying.references()));
    }

    private static void tell(CodexRecord record, String eventId, ContentText prompt, Authorship authorship) {
        CodexUserText.Request request = CodexUserText.request(prompt.text());
        if (request.context().isEmpty()) {
            record.add(new UserMessage(record.header(eventId, authorship), prompt.text(), prompt.references()));
            return;
        }
        record.add(
                new SystemMessage(record.header(eventId + "/ide", Authorship.NONE), "ide_context", request.context()));
        if (!request.typed().isBlank()) {
            record.add(new UserMessage(record.header(eventId, authorship), request.typed(), prompt.references()));
        }
    }

    /** Reads {@code turn_aborted}. */
    Optional<String> readAborted(CodexRecord record) {
        if (interruptionTold) {
            return Optional.of("an interruption that was told before");
        }
        interruptionTold = true;
        record.system("interrupted", "interrupted", record.payload().stringOr("reason", "interrupted"));
        return Optional.empty();
    }

    /** Reads a text of the agent's own; false if it was told before. */
    private boolean readMachineText(CodexRecord record, int index, String subtype, JsonText text) {
        String part = Integer.toString(index);
        switch (subtype) {
            case "interrupted", "turn_aborted" -> {
                if (interruptionTold) {
                    return false;
                }
                interruptionTold = true;
                record.system(part, "interrupted", record.content().add(text));
            }
            case "user_shell_command" -> {
                String command = CodexUserText.element(text.value(), "command").orElse(text.value());
                record.add(new UserCommand(record.header(part), "!", command));
                CodexUserText.element(text.value(), "result")
                        .ifPresent(result -> record.system(part + "/result", "user_shell_output", result));
            }
            default -> record.system(part, subtype, record.content().add(text));
        }
        return true;
    }

    /** One may be part of the other: the item has the texts of all its parts, and tags around its images. */
    private static boolean matches(String item, String event) {
        String one = squeezed(item);
        String other = squeezed(event);
        return one.equals(other)
                || (!other.isEmpty() && !one.isEmpty() && (one.contains(other) || other.contains(one)));
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }

    private static String fingerprint(String text) {
        String squeezed = squeezed(text);
        return squeezed.length() + "/" + Long.toHexString(RecentIds.hash(squeezed));
    }

    void save(StateWriter out) {
        items.save(out);
        out.flag(hasEvents);
        out.flag(interruptionTold);
    }

    void restore(StateReader in) throws IOException {
        items.restore(in);
        hasEvents = in.flag();
        interruptionTold = in.flag();
    }

    long heldBytes() {
        return 24 + items.heldBytes();
    }
}
