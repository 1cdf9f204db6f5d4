package dev.kept.provider.gemini;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent.UserCommand;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.provider.ContentText;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Reads messages of the type {@code user}: what a person typed, what was put in beside it, and what tools gave back.
 *
 * <p>What a person typed always comes as a message of its own first. So what the whole history says in a person's name and
 * no message said before (a summary, the tail of a conversation that was compressed, under new ids) is nobody's.
 */
final class GeminiUserMessages {
    static final String TYPE = "user";
    static final String SESSION_CONTEXT = "session_context";
    private static final String REFERENCED = "--- Content from referenced files ---";
    private static final String SHELL = "I ran the following shell command:";
    private static final String SNAPSHOT = "<state_snapshot>";

    private final Told told;
    private final GeminiTools tools;

    GeminiUserMessages(Told told, GeminiTools tools) {
        this.told = told;
        this.tools = tools;
    }

    /** @param authorship of what a person typed */
    void read(GeminiRecord record, String id, JsonObject message, Authorship authorship) {
        Optional<Instant> time = GeminiRecord.time(message, "timestamp");
        List<JsonValue> parts = GeminiParts.of(message.get("content"));
        List<JsonValue> shown = GeminiParts.of(message.get("displayContent"));
        ContentText typed = record.content();
        ContentText added = record.content();
        for (JsonValue part : shown) {
            GeminiParts.text(part).ifPresent(typed::add);
        }
        boolean referenced = false;
        for (int i = 0; i < parts.size(); i++) {
            JsonValue part = parts.get(i);
            Optional<JsonText> text = GeminiParts.text(part);
            Optional<JsonObject> response = GeminiParts.member(part, "functionResponse");
            if (response.isPresent()) {
                tools.responded(record, id, i, response.get(), time);
            } else if (text.isPresent()) {
                Optional<String> machine = injected(text.get().value());
                referenced |= text.get().value().strip().equals(REFERENCED);
                if (machine.isPresent()) {
                    system(
                            record,
                            id + "/" + i,
                            time,
                            machine.get(),
                            record.content().add(text.get()));
                } else if (referenced || (!shown.isEmpty() && !isAmong(shown, text.get()))) {
                    added.add(text.get());
                } else if (shown.isEmpty()) {
                    splitAtFiles(text.get(), typed, added);
                }
            } else if (!GeminiParts.addMedia(typed, part) && !GeminiParts.saysNothing(part)) {
                record.raw(id + "/" + i, time, "unknown part of a user's message");
            }
        }
        said(record, id, time, typed, authorship);
        if (!added.isEmpty()) {
            system(record, id + "/added", time, "referenced_files", added);
        }
    }

    /** Before 0.39 the files stand behind what was typed, in one text. */
    private static void splitAtFiles(JsonText text, ContentText typed, ContentText added) {
        int files = text.value().indexOf("\n" + REFERENCED);
        if (files < 0) {
            typed.add(text);
        } else {
            typed.add(text.value().substring(0, files).stripTrailing());
            added.add(text);
        }
    }

    /** What the agent puts in by itself, as a part of its own or as the whole message. */
    private static Optional<String> injected(String text) {
        String begun = text.stripLeading();
        if (begun.startsWith("<session_context>")) {
            return Optional.of(SESSION_CONTEXT);
        }
        return begun.startsWith("<hook_context>") ? Optional.of("hook_context") : Optional.empty();
    }

    private static boolean isAmong(List<JsonValue> shown, JsonText text) {
        return shown.stream()
                .flatMap(part -> GeminiParts.text(part).stream())
                .anyMatch(it -> it.value().equals(text.value()));
    }

    private void system(
            GeminiRecord record, String eventId, Optional<Instant> time, String subtype, ContentText content) {
        if (told.first(eventId)) {
            record.system(eventId, time, subtype, content);
        }
    }

    private void said(
            GeminiRecord record, String id, Optional<Instant> time, ContentText typed, Authorship authorship) {
        if (typed.text().isBlank() && typed.references().isEmpty()) {
            return;
        }
        String eventId = id + "/0";
        if (record.history() && !told.was(eventId) && told.wasSaid(TYPE, typed.text())) {
            told.note(eventId, TYPE, typed.text());
            return;
        }
        int wording = told.say(eventId, TYPE, typed.text());
        if (wording == 1) {
            first(record, eventId, time, typed, record.history() ? Authorship.NONE : authorship);
        } else if (wording > 1) {
            record.add(new UserMessage(record.header(eventId + "~" + wording, time), typed.text(), typed.references()));
        }
    }

    private void first(
            GeminiRecord record, String eventId, Optional<Instant> time, ContentText typed, Authorship authorship) {
        String text = typed.text().strip();
        if (text.startsWith(SHELL)) {
            record.add(new UserCommand(record.header(eventId, time), "!", shellLine(text)));
            record.system(eventId + "/output", time, "shell", typed);
        } else if (text.startsWith("System: ")) {
            // The agent's own word to the model: "System: Please continue." (seen).
            record.system(eventId, time, "system", typed);
        } else if (text.contains(SNAPSHOT)) {
            record.system(eventId, time, "compact_summary", typed);
        } else if (record.history()) {
            record.system(eventId, time, "history", typed);
        } else if (text.startsWith("/") || text.startsWith("?")) {
            int end = 0;
            while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
                end++;
            }
            record.add(new UserCommand(
                    record.header(eventId, time),
                    text.substring(0, end),
                    text.substring(end).strip()));
        } else {
            record.add(new UserMessage(record.header(eventId, time, authorship), typed.text(), typed.references()));
        }
    }

    /** The command stands in the first fence. */
    private static String shellLine(String text) {
        int fence = text.indexOf("```");
        int start = text.indexOf('\n', Math.max(0, fence)) + 1;
        int end = text.indexOf("\n```", start);
        return fence < 0 || start == 0 || end < 0 ? "" : text.substring(start, end);
    }
}
