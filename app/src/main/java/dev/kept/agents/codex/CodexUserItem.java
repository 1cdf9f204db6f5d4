package dev.kept.agents.codex;

import dev.kept.agents.codex.CodexDuplicates.Mark;
import dev.kept.agents.codex.CodexDuplicates.Statement;
import dev.kept.agents.codex.CodexUserText.Envelope;
import dev.kept.agents.codex.CodexUserText.Parted;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonLargeString;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.provider.support.ContentText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An item of the role {@code user}, split into the agent's own texts, in order, and the remaining prompt, which is
 * last.
 *
 * @param pieces the parts; the subtype of a prompt is empty, and it is the last part if there is one
 * @param guessed true if a later mark may change the result: a text begins like the agent's and continues differently
 */
record CodexUserItem(List<Statement> pieces, boolean guessed) {
    CodexUserItem {
        pieces = List.copyOf(pieces);
    }

    static CodexUserItem of(CodexRecord record) {
        JsonObject payload = record.payload();
        List<JsonValue> content = payload.get("content").orElse(JsonNull.NULL) instanceof JsonText text
                ? List.of(text)
                : payload.array("content");
        List<JsonValue> kinds = payload.object("internal_chat_message_metadata_passthrough")
                .map(it -> it.array("content_item_kinds"))
                .orElse(List.of());
        List<Statement> pieces = new ArrayList<>();
        ContentText prompt = record.content();
        boolean authored = false;
        boolean guessed = false;
        for (int i = 0; i < content.size(); i++) {
            JsonValue item = content.get(i);
            String kind = i < kinds.size() && kinds.get(i) instanceof JsonText text ? text.value() : "";
            Optional<JsonText> text = CodexContent.textOf(item);
            authored |= kind.startsWith("user.");
            if (text.isEmpty()) {
                addMedia(prompt, item);
            } else if (kind.startsWith("user.")) {
                add(prompt, text.get(), text.get().value());
            } else {
                Parted parted = part(record, kind, text.get().value());
                guessed |= isOpen(kind) && isGuess(parted, text.get().value());
                addPieces(pieces, record, Integer.toString(i), parted, text.get());
                if (!parted.typed().isEmpty() || parted.before().isEmpty()) {
                    add(prompt, text.get(), parted.typed());
                }
            }
        }
        if (!prompt.isEmpty()) {
            pieces.add(new Statement(
                    payload.stringOr("id", ""),
                    record.type(),
                    record.timestamp(),
                    "",
                    prompt.text(),
                    prompt.references(),
                    markOf(record, authored)));
        }
        return new CodexUserItem(pieces, guessed);
    }

    private static Mark markOf(CodexRecord record, boolean authored) {
        if (authored) {
            return Mark.PERSON;
        }
        return record.thread().copiedFrom().isPresent() ? Mark.COPIED : Mark.NONE;
    }

    /**
     * Returns the parts of a text. Its kind decides; without a kind, or with an unknown one, the text's own words do.
     */
    private static Parted part(CodexRecord record, String kind, String text) {
        Parted parted = record.isBare() ? CodexUserText.partUnsaid(text) : CodexUserText.part(text);
        if (isOpen(kind) || !parted.before().isEmpty()) {
            return isOpen(kind) || parted.typed().isEmpty()
                    ? parted
                    : new Parted(List.of(new Envelope(parted.before().getFirst().subtype(), text)), "");
        }
        String subtype = kind.equals("compaction.summary") ? "compact_summary" : kind.substring(kind.indexOf('.') + 1);
        return new Parted(List.of(new Envelope(subtype, text)), "");
    }

    /**
     * Reports whether the parts of a text are a guess. If closed texts of the agent's own are all there is, they are no
     * guess, whatever a mark says.
     */
    private static boolean isGuess(Parted parted, String text) {
        return !parted.before().isEmpty()
                && !(parted.typed().isEmpty() && CodexUserText.partMarked(text).equals(parted));
    }

    private static boolean isOpen(String kind) {
        return kind.isEmpty() || kind.equals("unknown");
    }

    private static void addPieces(
            List<Statement> pieces, CodexRecord record, String part, Parted parted, JsonText source) {
        boolean whole = parted.before().size() == 1 && parted.typed().isEmpty();
        for (int i = 0; i < parted.before().size(); i++) {
            Envelope envelope = parted.before().get(i);
            ContentText text = record.content();
            if (whole) {
                text.add(source);
            } else {
                add(text, source, envelope.text());
            }
            pieces.add(new Statement(
                    record.id(i == 0 ? part : part + "/" + i),
                    record.type(),
                    record.timestamp(),
                    envelope.subtype(),
                    text.text(),
                    text.references(),
                    Mark.NONE));
        }
    }

    /** Adds a part of a text. A large text is not held as a whole, so a reference is added too. */
    private static void add(ContentText content, JsonText source, String part) {
        if (part.equals(source.value())) {
            if (!CodexContent.isImageTag(part)) {
                content.add(source);
            }
            return;
        }
        content.add(part);
        if (source instanceof JsonLargeString) {
            content.referToLarge(source);
        }
    }

    private static void addMedia(ContentText prompt, JsonValue item) {
        Optional<JsonText> image = CodexContent.imageOf(item);
        if (image.isPresent()) {
            prompt.referToUrl(image.get());
        } else {
            prompt.add(item.toJson());
        }
    }

    /** Returns the text of all parts. */
    String text() {
        return String.join("\n", pieces.stream().map(Statement::text).toList());
    }
}
