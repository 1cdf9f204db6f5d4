package dev.kept.benchmarks;

import java.nio.file.Path;
import java.util.Random;

/** Codex 0.169. */
final class SoakCodex extends SoakAgent {
    private final String part;
    private int ordinal;

    /** A new thread. */
    SoakCodex(Path home, Path work, String thread) {
        this(home, work, thread, "", 0);
    }

    private SoakCodex(Path home, Path work, String thread, String part, int ordinal) {
        super("codex", home, work, thread);
        this.part = part;
        this.ordinal = ordinal;
    }

    /** The file in which the thread goes on after a person went back. */
    SoakCodex wentBack(Random random) {
        String next = newId(Kind.CODEX, random);
        return new SoakCodex(home(), work(), id(), "_" + next, Math.max(1, ordinal - 3));
    }

    @Override
    Path file() {
        return home().resolve(".codex/sessions/2026/11/22/rollout-2026-11-22T10-00-00-" + id() + part + ".jsonl");
    }

    /** Where it lies once it is archived; packed or not. */
    Path archived(boolean packed) {
        return home().resolve(".codex/archived_sessions").resolve(file().getFileName() + (packed ? ".zst" : ""));
    }

    @Override
    String opening() {
        return record(
                "session_meta",
                "{\"session_id\":\"" + id() + "\",\"id\":\"" + id() + "\",\"timestamp\":\"" + now()
                        + "\",\"cwd\":" + quoted(work().toString())
                        + ",\"originator\":\"codex-tui\",\"cli_version\":\"0.169.0\",\"source\":\"cli\","
                        + "\"thread_source\":\"user\""
                        + (part.isEmpty()
                                ? ""
                                : ",\"history_base\":{\"thread_id\":\"" + id() + "\",\"end_ordinal_exclusive\":"
                                        + ordinal + ",\"end_byte_offset\":100}")
                        + "}");
    }

    @Override
    String person(String text) {
        String turn = newItem();
        return record(
                        "event_msg",
                        "{\"type\":\"task_started\",\"turn_id\":\"" + turn
                                + "\",\"turn_attribution\":{\"turn_id\":\"" + turn
                                + "\",\"turn_trigger\":\"user\"}}")
                + record(
                        "response_item",
                        "{\"type\":\"message\",\"id\":\"msg_" + newItem()
                                + "\",\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":"
                                + quoted(text)
                                + "}],\"internal_chat_message_metadata_passthrough\":{\"content_item_kinds\":"
                                + "[\"user.text\"]}}")
                + record(
                        "event_msg",
                        "{\"type\":\"item_completed\",\"turn_id\":\"" + turn
                                + "\",\"item\":{\"type\":\"UserMessage\",\"id\":\"" + newItem()
                                + "\",\"content\":[{\"type\":\"text\",\"text\":" + quoted(text) + "}]}}");
    }

    @Override
    String answer(String text) {
        return record(
                "response_item",
                "{\"type\":\"message\",\"id\":\"msg_" + newItem() + "\",\"role\":\"assistant\",\"content\":[{\"type\":"
                        + "\"output_text\",\"text\":" + quoted(text) + "}]}");
    }

    @Override
    String tool(String output) {
        String call = "call_" + newItem();
        return record(
                        "response_item",
                        "{\"type\":\"function_call\",\"status\":\"completed\",\"id\":\"fc_" + newItem()
                                + "\",\"name\":\"exec_command\",\"arguments\":\"{\\\"cmd\\\": \\\"cat n\\\"}\",\"call_id\":\""
                                + call + "\"}")
                + record(
                        "response_item",
                        "{\"type\":\"function_call_output\",\"id\":\"fco_" + newItem() + "\",\"call_id\":\"" + call
                                + "\",\"output\":" + quoted(output) + "}");
    }

    private String newItem() {
        return (part.isEmpty() ? id() : part).substring(24) + "-" + next();
    }

    private String record(String type, String payload) {
        return "{\"timestamp\":\"" + now() + "\",\"ordinal\":" + ordinal++ + ",\"type\":\"" + type + "\",\"payload\":"
                + payload + "}\n";
    }

    @Override
    boolean mayBeCut() {
        return false;
    }
}
