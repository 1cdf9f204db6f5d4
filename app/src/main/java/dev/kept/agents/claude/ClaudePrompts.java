package dev.kept.agents.claude;

import dev.kept.agents.claude.Attribution.Trust;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonLargeString;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent.UserCommand;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.provider.support.ContentText;
import java.util.List;
import java.util.Optional;

/**
 * A reader of user texts. The texts and images of a prompt become one message; texts that the agent or its host added,
 * and attached documents, become events of their own.
 */
final class ClaudePrompts {
    private static final String BLANK = "a prompt that says nothing";

    private final ClaudeRecord record;
    private final Attribution author;
    private final ContentText prompt;
    private int first = -1;
    private boolean attached;
    private boolean doubtful;

    private ClaudePrompts(ClaudeRecord record, Attribution author) {
        this.record = record;
        this.author = author;
        this.prompt = record.content();
    }

    /**
     * Reads the blocks of a prompt.
     *
     * @return the rule if they have no events
     */
    static Optional<String> read(ClaudeRecord record, List<JsonValue> blocks, Attribution author) {
        ClaudePrompts prompt = new ClaudePrompts(record, author);
        for (int i = 0; i < blocks.size(); i++) {
            prompt.add(i, blocks.get(i));
        }
        if (prompt.first >= 0) {
            prompt.addPrompt();
        }
        return record.events().isEmpty() ? Optional.of(BLANK) : Optional.empty();
    }

    private void add(int index, JsonValue block) {
        Optional<JsonText> text = textOf(block);
        if (text.isPresent()) {
            addText(index, text.get());
        } else if (block instanceof JsonObject object && ClaudeMedia.isMedia(object)) {
            addMedia(index, object);
        } else {
            record.raw(index, "unknown block " + ClaudeUserRecords.typeOf(block));
        }
    }

    private void addMedia(int index, JsonObject media) {
        if (ClaudeMedia.isReferable(media)) {
            ClaudeMedia.add(prompt, media);
            attached = true;
            begin(index);
        } else {
            // The words of a document are not the person's, and an order in them is nobody's.
            record.system(index, "attached_" + media.stringOr("type", ""), ClaudeMedia.add(record.content(), media));
        }
    }

    private void addText(int index, JsonText text) {
        Trust trust = author.trust();
        PromptText parts = PromptText.of(text.value(), trust);
        int number = 0;
        for (PromptText.Envelope envelope : parts.envelopes()) {
            boolean alone = parts.rest().isBlank() && parts.envelopes().size() == 1;
            String block = alone ? Integer.toString(index) : index + "/envelope" + (number == 0 ? "" : "~" + number);
            readMachineText(record, block, envelope.subtype(), envelope.text());
            number++;
        }
        // The output of a command follows it, under the same marks.
        Trust left = parts.isWhole() || trust != Trust.TYPED ? trust : Trust.HOST;
        Optional<String> machine =
                isShellLine(parts.rest()) ? Optional.of("bash-input") : MachineText.subtypeOf(parts.rest(), left);
        if (machine.isPresent() && parts.isWhole()) {
            readMachineText(record, index, machine.get(), text);
        } else if (machine.isPresent()) {
            readMachineText(record, Integer.toString(index), machine.get(), parts.rest());
        } else if (parts.isWhole()) {
            prompt.add(text);
            begin(index);
        } else if (!parts.rest().isBlank()) {
            if (text instanceof JsonLargeString) {
                prompt.refer("text/plain", text);
            }
            prompt.add(parts.rest());
            doubtful |= parts.doubtful();
            begin(index);
        }
    }

    private static boolean isShellLine(String text) {
        return text.startsWith("<bash-input>") && text.stripTrailing().endsWith("</bash-input>");
    }

    private void begin(int index) {
        first = first < 0 ? index : first;
    }

    private void addPrompt() {
        if (prompt.text().isBlank() && !attached) {
            return;
        }
        if (Marks.isSet(record.body(), "isMeta")) {
            record.system(first, "meta", prompt);
            return;
        }
        boolean nobody = doubtful || MachineText.isPlan(prompt.text(), author.trust());
        Authorship authorship = nobody ? Authorship.NONE : author.authorship();
        record.add(new UserMessage(record.header(first, authorship), prompt.text(), prompt.references()));
    }

    /** Reads a text that {@link MachineText} knows, in a user record or a {@code system/local_command}. */
    static void readMachineText(ClaudeRecord record, int block, String subtype, JsonText text) {
        if (text instanceof JsonLargeString && !subtype.equals("command") && !subtype.equals("bash-input")) {
            // Its end tag is missing; the tags then stay, and so does the reference.
            record.system(block, subtype, record.content().add(text));
        } else {
            readMachineText(record, Integer.toString(block), subtype, text.value());
        }
    }

    private static void readMachineText(ClaudeRecord record, String block, String subtype, String text) {
        switch (subtype) {
            case "command" ->
                record.add(new UserCommand(
                        record.header(block), element(text, "command-name"), element(text, "command-args")));
            case "bash-input" ->
                record.add(new UserCommand(
                        record.header(block),
                        "!",
                        MachineText.element(text, subtype).orElse(text)));
            default -> {
                Optional<String> inner =
                        subtype.startsWith("local-command-std") ? MachineText.element(text, subtype) : Optional.empty();
                record.system(block, subtype, inner.orElse(text));
            }
        }
    }

    private static String element(String text, String name) {
        return MachineText.element(text, name).orElse("").strip();
    }

    /** Returns the text of a text block; empty for other blocks. */
    static Optional<JsonText> textOf(JsonValue block) {
        return switch (block) {
            case JsonText text -> Optional.of(text);
            case JsonObject object
            when ClaudeUserRecords.typeOf(object).equals("text") ->
                object.get("text")
                        .flatMap(value -> value instanceof JsonText text ? Optional.of(text) : Optional.empty());
            case JsonValue _ -> Optional.empty();
        };
    }
}
