package dev.kept.agents.codex;

import dev.kept.agents.codex.CodexDuplicates.Mark;
import dev.kept.agents.codex.CodexDuplicates.Saying;
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
 * An item of the role {@code user}, taken apart: texts of the agent's own, in order, and last what is left, a prompt.
 *
 * @param pieces a prompt's subtype is empty; it is the last, if there is one
 * @param guessed true if a mark behind it may say something else: a text begins like the agent's and goes on
 * differently
 */
record CodexUserItem(List<Saying> pieces, boolean guessed) {
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
        List<Saying> pieces = new ArrayList<>();
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
            pieces.add(new Saying(
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

    /** What a kind says decides; where it says nothing, or there is none, the text's own words do. */
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

    /** TextEscapes of the agent's own that are closed, and nothing else, are its own whatever a mark says. */
    private static boolean isGuess(Parted parted, String text) {
        return !parted.before().isEmpty()
                && !(parted.typed().isEmpty() && CodexUserText.partMarked(text).equals(parted));
    }

    private static boolean isOpen(String kind) {
        return kind.isEmpty() || kind.equals("unknown");
    }

    private static void addPieces(
            List<Saying> pieces, CodexRecord record, String part, Parted parted, JsonText source) {
        boolean whole = parted.before().size() == 1 && parted.typed().isEmpty();
        for (int i = 0; i < parted.before().size(); i++) {
            Envelope envelope = parted.before().get(i);
            ContentText text = record.content();
            if (whole) {
                text.add(source);
            } else {
                add(text, source, envelope.text());
            }
            pieces.add(new Saying(
                    record.id(i == 0 ? part : part + "/" + i),
                    record.type(),
                    record.timestamp(),
                    envelope.subtype(),
                    text.text(),
                    text.references(),
                    Mark.NONE));
        }
    }

    /** Adds a part of a text; of a large one, which is not there as a whole, also where it stands. */
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

    /** All that it says, in one text. */
    String text() {
        return String.join("\n", pieces.stream().map(Saying::text).toList());
    }
}
