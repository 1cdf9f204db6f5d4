package dev.kept.agents.copilot;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.UserCommand;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.provider.support.ContentText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reader of {@code user.message}: the person's text, texts that the agent or its host put in front of it, and
 * attachments. A message without text and attachments is the agent's own: in autopilot it makes itself continue.
 */
final class CopilotUserMessage {
    /** A text in front of typed text: a skill, or a text of the program in which Copilot runs. */
    private static final Pattern ENVELOPE = Pattern.compile(
            "<(skill-context|system[-_](?:instructions?|reminder|notification)|current_datetime|ide_(?:opened_file|selection))\\b[^>]*>");

    private static final String SKILL = "skill-context";
    private static final Pattern NAMED = Pattern.compile("\\bname=[\"']([^\"']+)[\"']");

    /** The label in front of the words that a person typed after the name of a skill. */
    private static final String ARGUMENTS = "ARGUMENTS:";

    private CopilotUserMessage() {}

    /** Returns the skill at the beginning of a message, as a person types it; empty for any other message. */
    static Optional<String> skill(JsonObject data) {
        Matcher envelope = ENVELOPE.matcher(data.stringOr("content", "").stripLeading());
        return envelope.lookingAt() && envelope.group(1).equals(SKILL)
                ? Optional.of(NAMED.matcher(envelope.group()))
                        .filter(Matcher::find)
                        .map(name -> "/" + name.group(1))
                : Optional.empty();
    }

    /** Reads the message and adds its events; none if it is empty. */
    static void read(CopilotRecord record, Authorship authorship) {
        JsonObject data = record.data();
        ContentText content = record.text(data, "content");
        String typed = content.text();
        int part = 0;
        for (Matcher envelope = ENVELOPE.matcher(typed.stripLeading()); envelope.lookingAt(); ) {
            String begun = typed.stripLeading();
            int end = end(begun, envelope.group(1));
            String before = end < 0 ? begun : begun.substring(0, end);
            String subtype = envelope.group(1).equals(SKILL) ? "skill" : envelope.group(1);
            record.add(new SystemMessage(record.header("before" + part++), subtype, before));
            typed = begun.substring(before.length()).strip();
            envelope.reset(typed);
        }
        Optional<String> skill = skill(data);
        if (skill.isPresent() && typed.startsWith(ARGUMENTS)) {
            String words = typed.substring(ARGUMENTS.length()).strip();
            record.add(new UserCommand(record.header("command"), skill.get(), words));
            typed = "";
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
        ContentText message = alone ? record.nothing() : prompt;
        if (alone) {
            attached.forEach(text -> message.add(text.text()).addReferences(text.references()));
        }
        if (!message.isEmpty()) {
            record.add(new UserMessage(record.header("0", authorship), message.text(), message.references()));
        }
        for (int i = 0; i < attached.size() && !alone; i++) {
            ContentText text = attached.get(i);
            record.add(
                    new UserMessage(record.header("attachment" + i, Authorship.NONE), text.text(), text.references()));
        }
    }

    /**
     * Returns the end of an envelope; negative if it has none. The last end counts: the content may quote the end, and
     * must not become a person's. The end of a skill has two spellings.
     */
    private static int end(String text, String tag) {
        int end = -1;
        for (String close : List.of("</" + tag + ">", "</" + tag.replace('-', '_') + ">")) {
            int at = text.lastIndexOf(close);
            end = at < 0 ? end : Math.max(end, at + close.length());
        }
        return end;
    }

    /**
     * Returns the name and content of an attachment. An image, whose data is in the record, belongs to the prompt
     * itself.
     */
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
