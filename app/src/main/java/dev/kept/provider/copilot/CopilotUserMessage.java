package dev.kept.provider.copilot;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.provider.ContentText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code user.message}: what a person typed, what the agent or its host put in front of it, and what is attached. A
 * message without words and attachments is the agent's own: in autopilot it tells itself to go on.
 */
final class CopilotUserMessage {
    /** What stands in front of typed text: a skill, or the words of the program that Copilot runs in. */
    private static final Pattern ENVELOPE = Pattern.compile(
            "<(skill-context|system[-_](?:instructions?|reminder|notification)|current_datetime|ide_(?:opened_file|selection))\\b[^>]*>");

    private CopilotUserMessage() {}

    /** Tells what the message says; nothing if it says nothing. */
    static void read(CopilotRecord record, Authorship authorship) {
        JsonObject data = record.data();
        ContentText content = record.text(data, "content");
        String typed = content.text();
        int part = 0;
        for (Matcher envelope = ENVELOPE.matcher(typed.stripLeading()); envelope.lookingAt(); ) {
            String begun = typed.stripLeading();
            String close = "</" + envelope.group(1) + ">";
            // The last end counts: what an envelope holds may quote its end, and must not become a person's.
            int end = begun.lastIndexOf(close);
            String before = end < 0 ? begun : begun.substring(0, end + close.length());
            String subtype = envelope.group(1).equals("skill-context") ? "skill" : envelope.group(1);
            record.add(new SystemMessage(record.header("before" + part++), subtype, before));
            typed = begun.substring(before.length()).strip();
            envelope.reset(typed);
        }
        ContentText prompt = part == 0 ? content : record.nothing().addReferences(content.references());
        if (part > 0 && !typed.isEmpty()) {
            prompt.add(typed);
        }
        List<ContentText> attached = new ArrayList<>();
        for (JsonValue attachment : data.array("attachments")) {
            readAttachment(record, attachment, prompt).ifPresent(attached::add);
        }
        boolean alone = prompt.text().isBlank() && prompt.references().isEmpty();
        if (alone && part == 0 && attached.isEmpty()) {
            readNudge(record);
            return;
        }
        ContentText said = alone ? record.nothing() : prompt;
        if (alone) {
            attached.forEach(text -> said.add(text.text()).addReferences(text.references()));
        }
        if (!said.isEmpty()) {
            record.add(new UserMessage(record.header("0", authorship), said.text(), said.references()));
        }
        for (int i = 0; i < attached.size() && !alone; i++) {
            ContentText text = attached.get(i);
            record.add(
                    new UserMessage(record.header("attachment" + i, Authorship.NONE), text.text(), text.references()));
        }
    }

    /** What an attachment is called and holds; an image, which is in the record, belongs to the prompt itself. */
    private static Optional<ContentText> readAttachment(
            CopilotRecord record, JsonValue attachment, ContentText prompt) {
        if (!(attachment instanceof JsonObject object)) {
            return Optional.of(record.nothing().add(attachment.toJson()).referToLarge(attachment));
        }
        String name = first(object, "displayName", "name", "title", "path", "filePath", "url");
        if (object.get("data").orElse(JsonObject.EMPTY) instanceof JsonText data) {
            String type = object.stringOr("mimeType", "");
            int before = prompt.references().size();
            // A reference to a text is one to the text itself, not to its base64.
            prompt.refer(type.isEmpty() || type.startsWith("text/") ? "application/octet-stream" : type, data);
            if (prompt.references().size() > before) {
                return Optional.empty();
            }
        }
        ContentText text = record.nothing();
        String where = first(object, "path", "filePath", "url");
        String what = object.stringOr("type", "attachment");
        text.add("[" + what + ": " + name + "]" + (where.isEmpty() || where.equals(name) ? "" : " " + where));
        object.get("text")
                .or(() -> object.get("content"))
                .filter(JsonText.class::isInstance)
                .ifPresent(words -> text.add((JsonText) words));
        return Optional.of(text);
    }

    private static String first(JsonObject object, String... members) {
        for (String member : members) {
            String value = object.stringOr(member, "");
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    private static void readNudge(CopilotRecord record) {
        ContentText words = record.text(record.data(), "transformedContent");
        if (!words.text().isBlank()) {
            record.system("continuation", words);
        }
    }
}
