package dev.kept.agents.gemini;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent.UserCommand;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.provider.support.ContentText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A reader of messages of the type {@code user}: a person's prompt, texts that were added to it, and results of tools.
 *
 * <p>The record's own mark decides ({@link PromptMark}): the displayed text was typed, whatever its beginning, and the
 * rest of the message was not. Without a mark, the message was typed, except for text in a form of the agent's own
 * ({@link MachineText}, {@link ShellLine}) and for files after the prompt.
 *
 * <p>A person's prompt always comes as a message of its own first. So texts in a person's name that appear only in the
 * repeated history (of a chat that was continued from elsewhere, or the tail of a compressed one) give no orders.
 */
final class GeminiUserMessages {
    static final String TYPE = "user";
    private static final String REFERENCED = "--- Content from referenced files ---";

    private final EmittedParts emitted;
    private final GeminiTools tools;

    GeminiUserMessages(EmittedParts emitted, GeminiTools tools) {
        this.emitted = emitted;
        this.tools = tools;
    }

    /** A text that the agent added itself, and the index of its part. */
    private record Piece(int index, String subtype, ContentText content) {}

    /** A message that is being read. */
    private static final class Prompt {
        private final String id;
        private final Optional<Instant> time;
        private final PromptMark mark;
        private final ContentText typed;
        private final ContentText added;
        private final List<Piece> machine = new ArrayList<>(1);
        private Optional<JsonText> shell = Optional.empty();
        private boolean filesFollow;
        private boolean answersATool;
        private boolean holdsWhatWasShown;

        Prompt(GeminiRecord record, String id, JsonObject message) {
            this.id = id;
            this.time = GeminiRecord.time(message, "timestamp");
            this.mark = PromptMark.of(message);
            this.typed = record.content();
            this.added = record.content();
            mark.shown().forEach(typed::add);
        }

        /** Reports whether it has nothing that a person may have said. */
        boolean isEmpty() {
            return shell.isEmpty()
                    && typed.text().isBlank()
                    && typed.references().isEmpty();
        }

        /** Splits a typed text from the files that follow it in the same string, as before 0.39. */
        void splitAtFiles(JsonText text) {
            int files = filesIn(text.value());
            if (files < 0) {
                typed.add(text);
                return;
            }
            filesFollow = true;
            String before = text.value().substring(0, files).stripTrailing();
            if (!before.isEmpty()) {
                typed.add(before);
            }
            added.add(text);
        }

        /** Returns the index of the line that announces files; negative if there is none. */
        private static int filesIn(String text) {
            return text.startsWith(REFERENCED) ? 0 : text.indexOf("\n" + REFERENCED);
        }
    }

    /**
     * Reads a message.
     *
     * @param authorship the authorship of the typed text
     */
    void read(GeminiRecord record, String id, JsonObject message, Authorship authorship) {
        Prompt prompt = new Prompt(record, id, message);
        List<JsonValue> parts = GeminiParts.of(message.get("content"));
        for (int i = 0; i < parts.size(); i++) {
            readPart(record, prompt, i, parts.get(i));
        }
        for (int i = 0; i < prompt.machine.size(); i++) {
            Piece piece = prompt.machine.get(i);
            // The person's text has the first id; of several pieces in one text only the first gets the text's id.
            boolean taken = piece.index() == 0 && !prompt.isEmpty();
            boolean further = i > 0 && prompt.machine.get(i - 1).index() == piece.index();
            String eventId = id + (taken ? "/put" : "/" + piece.index()) + (further ? "/" + i : "");
            emitSystem(record, eventId, prompt.time, piece.subtype(), piece.content());
        }
        boolean contradicts = !prompt.mark.isReadable() || (prompt.mark.isThere() && prompt.answersATool);
        if (emitTyped(record, prompt, contradicts ? Authorship.NONE : authorship) && !prompt.added.isEmpty()) {
            emitSystem(record, id + "/added", prompt.time, "referenced_files", prompt.added);
        }
    }

    private void readPart(GeminiRecord record, Prompt prompt, int index, JsonValue part) {
        Optional<JsonText> text = GeminiParts.text(part);
        Optional<JsonObject> response = GeminiParts.member(part, "functionResponse");
        if (response.isPresent()) {
            prompt.answersATool = true;
            tools.readResponse(record, prompt.id, index, response.get(), prompt.time);
        } else if (text.isPresent()) {
            readText(record, prompt, index, text.get());
        } else if (GeminiParts.member(part, "fileData").isPresent()) {
            // The address of a file is nobody's words.
            GeminiParts.addMedia(prompt.added, part);
        } else if (!GeminiParts.addMedia(prompt.typed, part) && !GeminiParts.saysNothing(part)) {
            record.raw(prompt.id + "/" + index, prompt.time, "unknown part of a user's message");
        }
    }

    private void readText(GeminiRecord record, Prompt prompt, int index, JsonText text) {
        prompt.holdsWhatWasShown |= prompt.mark.isWithin(text);
        if (prompt.mark.isThere() && prompt.mark.shows(text)) {
            return;
        }
        Optional<MachineText> machine = MachineText.of(text.value());
        if (machine.isPresent()) {
            readMachineText(record, prompt, index, text, machine.get());
        } else if (ShellLine.of(text.value()).isPresent() && prompt.shell.isEmpty()) {
            prompt.shell = Optional.of(text);
        } else if (prompt.mark.isThere() || prompt.filesFollow) {
            prompt.filesFollow |= Prompt.filesIn(text.value()) >= 0;
            prompt.added.add(text);
        } else {
            prompt.splitAtFiles(text);
        }
    }

    /** Reads a text that the agent added itself; a person's text may follow it in the same string. */
    private void readMachineText(GeminiRecord record, Prompt prompt, int index, JsonText text, MachineText machine) {
        String rest = text.value().substring(machine.length()).strip();
        ContentText content = record.content();
        if (rest.isEmpty()) {
            content.add(text);
        } else {
            content.add(text.value().substring(0, machine.length()));
        }
        prompt.machine.add(new Piece(index, machine.subtype(), content));
        if (!rest.isEmpty() && !prompt.mark.isThere()) {
            readText(record, prompt, index, new JsonString(rest));
        }
    }

    private void emitSystem(
            GeminiRecord record, String eventId, Optional<Instant> time, String subtype, ContentText content) {
        if (emitted.add(eventId)) {
            record.system(eventId, time, subtype, content);
        }
    }

    /** Emits the typed text. Returns false if another message had it already, so that this one only repeats it. */
    private boolean emitTyped(GeminiRecord record, Prompt prompt, Authorship authorship) {
        String eventId = prompt.id + "/0";
        String shown = prompt.typed.text().strip();
        boolean shellAlone = prompt.shell.isPresent() && (shown.isEmpty() || shown.startsWith("!"));
        if (prompt.shell.isPresent()) {
            emitShell(record, prompt, shellAlone ? eventId : prompt.id + "/shell");
        }
        if (shellAlone || (shown.isEmpty() && prompt.typed.references().isEmpty())) {
            return true;
        }
        boolean before = !emitted.contains(eventId) && emitted.containsText(TYPE, prompt.typed.text());
        if (before && prompt.mark.isThere() && !prompt.holdsWhatWasShown && !prompt.filesFollow) {
            // A hook's words that make the model continue come under the mark of the prompt that is continued.
            return true;
        }
        if (before && record.history()) {
            emitted.setText(eventId, TYPE, prompt.typed.text());
            return false;
        }
        int wording = emitted.addText(eventId, TYPE, prompt.typed.text());
        if (wording == 1) {
            emitFirst(record, eventId, prompt, record.history() ? Authorship.NONE : authorship);
        } else if (wording > 1) {
            record.add(new UserMessage(
                    record.header(eventId + "~" + wording, prompt.time),
                    prompt.typed.text(),
                    prompt.typed.references()));
        }
        return true;
    }

    private void emitShell(GeminiRecord record, Prompt prompt, String eventId) {
        ContentText content = record.content().add(prompt.shell.orElseThrow());
        boolean repeats = record.history() && !emitted.contains(eventId) && emitted.containsText(TYPE, content.text());
        if (!repeats && emitted.addText(eventId, TYPE, content.text()) == 1) {
            String line = ShellLine.of(content.text()).orElse("");
            record.add(new UserCommand(record.header(eventId, prompt.time), "!", line));
            record.system(eventId + "/output", prompt.time, "shell", content);
        }
    }

    private static void emitFirst(GeminiRecord record, String eventId, Prompt prompt, Authorship authorship) {
        String text = prompt.typed.text().strip();
        if (record.history() && !prompt.mark.isThere() && MachineText.isSummary(text)) {
            record.system(eventId, prompt.time, MachineText.COMPACT_SUMMARY, prompt.typed);
        } else if (isCommand(text)) {
            int end = endOfWord(text);
            record.add(new UserCommand(
                    record.header(eventId, prompt.time),
                    text.substring(0, end),
                    text.substring(end).strip()));
        } else {
            record.add(new UserMessage(
                    record.header(eventId, prompt.time, authorship), prompt.typed.text(), prompt.typed.references()));
        }
    }

    /**
     * Reports whether a text is a command. The agent takes {@code //}, {@code /*} and a path for a prompt, and of texts
     * with {@code ?} only {@code ?} alone as a request for help.
     */
    private static boolean isCommand(String text) {
        String word = text.substring(0, endOfWord(text));
        return text.equals("?") || (word.startsWith("/") && word.indexOf('/', 1) < 0 && !word.startsWith("/*"));
    }

    private static int endOfWord(String text) {
        int end = 0;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return end;
    }
}
