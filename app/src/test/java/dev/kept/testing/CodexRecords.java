package dev.kept.testing;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** A hand-written rollout, record by record: each a second after the one before, unless it is said otherwise. */
public final class CodexRecords {
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private final StringBuilder records = new StringBuilder();
    private long second;
    private long step = 1;

    private CodexRecords() {}

    /**
     * Begins a thread.
     *
     * @param meta further members of its header, as JSON
     */
    public static CodexRecords thread(String id, String meta) {
        CodexRecords thread = new CodexRecords();
        return thread.add(
                "session_meta",
                "{\"id\":\"" + id + "\",\"timestamp\":\"" + BEGINNING + "\"" + (meta.isEmpty() ? "" : ",") + meta
                        + "}");
    }

    /** What comes next is written in one go, so many seconds after the beginning. */
    public CodexRecords at(long seconds) {
        second = seconds;
        step = 0;
        return this;
    }

    /** Adds the header of another thread, as a copy of it has. */
    public CodexRecords meta(String id) {
        return add("session_meta", "{\"id\":\"" + id + "\",\"timestamp\":\"" + BEGINNING + "\"}");
    }

    /** Adds the event of a prompt. */
    public CodexRecords prompt(String text) {
        return event("{\"type\":\"user_message\",\"message\":" + quoted(text) + ",\"images\":[]}");
    }

    /** Adds an answer. */
    public CodexRecords answer(String text) {
        return item("{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":"
                + quoted(text) + "}]}");
    }

    /** Adds an item in which somebody says one text. */
    public CodexRecords item(String role, String text) {
        return item("{\"type\":\"message\",\"role\":\"" + role + "\",\"content\":[{\"type\":\"input_text\",\"text\":"
                + quoted(text) + "}]}");
    }

    /** Adds an item. */
    public CodexRecords item(String payload) {
        return add("response_item", payload);
    }

    /** Adds an event. */
    public CodexRecords event(String payload) {
        return add("event_msg", payload);
    }

    /** Adds a line as it is. */
    public CodexRecords bare(String line) {
        records.append(line).append('\n');
        return this;
    }

    private CodexRecords add(String type, String payload) {
        String record = "{\"timestamp\":\"" + BEGINNING.plusSeconds(second) + "\",\"type\":\"" + type
                + "\",\"payload\":" + payload + "}";
        second += step;
        return bare(record);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    /** All records. */
    public String text() {
        return records.toString();
    }

    /** All records. */
    public byte[] bytes() {
        return text().getBytes(StandardCharsets.UTF_8);
    }
}
