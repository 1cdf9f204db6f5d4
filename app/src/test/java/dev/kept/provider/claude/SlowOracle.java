package dev.kept.provider.claude;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonReader.LocatedValue;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.json.MalformedJsonException;
import dev.kept.json.PlainReader;
import dev.kept.model.TokenUsage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A second, obvious reading of a file: all of it in memory, one question at a time, nothing shared with the parser but the
 * JSON tree. It answers what a person said, which tools ran and failed, and what was used.
 */
public final class SlowOracle {
    private final List<JsonObject> records = new ArrayList<>();

    public SlowOracle(byte[] file) {
        int start = 0;
        for (int i = 0; i <= file.length; i++) {
            if (i == file.length || file[i] == '\n') {
                try {
                    for (LocatedValue value :
                            JsonReader.readAll(file, start, i - start, List.of(), new PlainReader())) {
                        if (value.value() instanceof JsonObject object) {
                            records.add(object);
                        }
                    }
                } catch (MalformedJsonException e) {
                    e.before().forEach(value -> {
                        if (value.value() instanceof JsonObject object) {
                            records.add(object);
                        }
                    });
                }
                start = i + 1;
            }
        }
    }

    /** What people said, in order. */
    public List<String> said() {
        List<String> said = new ArrayList<>();
        List<String> queue = new ArrayList<>();
        String version = "";
        for (JsonObject record : records) {
            version = record.stringOr("version", version);
            switch (record.stringOr("type", "")) {
                case "user" -> saidByUser(record).ifPresentAdd(said);
                case "attachment" -> saidInAttachment(record).ifPresentAdd(said);
                case "queue-operation" -> replay(record, queue, said);
                default -> {}
            }
        }
        return said;
    }

    /** Nothing, or one text. */
    private record Said(List<String> texts) {
        void ifPresentAdd(List<String> all) {
            all.addAll(texts);
        }
    }

    private static Said saidByUser(JsonObject record) {
        for (String mark : List.of("isMeta", "isSidechain", "isCompactSummary", "isVisibleInTranscriptOnly")) {
            if (record.isTrue(mark)) {
                return new Said(List.of());
            }
        }
        String origin =
                record.object("origin").map(it -> it.stringOr("kind", "")).orElse("human");
        String source = record.stringOr("promptSource", "");
        if (!origin.equals("human")
                || source.equals("system")
                || record.get("planContent").isPresent()) {
            return new Said(List.of());
        }
        List<String> texts = new ArrayList<>();
        boolean media = false;
        JsonValue content =
                record.object("message").flatMap(it -> it.get("content")).orElse(JsonValue.JsonNull.NULL);
        if (content instanceof JsonText text) {
            texts.add(text.value());
        } else if (content instanceof JsonArray blocks) {
            for (JsonValue value : blocks.values()) {
                JsonObject block = (JsonObject) value;
                switch (block.stringOr("type", "")) {
                    case "text" -> texts.add(block.stringOr("text", ""));
                    case "tool_result" -> media = false;
                    default -> media = true;
                }
            }
        }
        texts.removeIf(SlowOracle::looksMachineMade);
        if (texts.isEmpty() && !media) {
            return new Said(List.of());
        }
        return new Said(List.of(String.join("\n", texts)));
    }

    private static Said saidInAttachment(JsonObject record) {
        JsonObject attachment = record.object("attachment").orElse(JsonObject.EMPTY);
        boolean queued = attachment.stringOr("type", "").equals("queued_command")
                && attachment.stringOr("commandMode", "").equals("prompt");
        String prompt = attachment.stringOr("prompt", "");
        return new Said(queued && !looksMachineMade(prompt) ? List.of(prompt) : List.of());
    }

    private static void replay(JsonObject record, List<String> queue, List<String> said) {
        switch (record.stringOr("operation", "")) {
            case "enqueue" -> queue.add(record.stringOr("content", ""));
            case "dequeue" -> {
                if (!queue.isEmpty()) {
                    queue.removeFirst();
                }
            }
            case "popAll" -> queue.clear();
            case "remove" -> {
                if (record.string("content").isPresent()) {
                    queue.remove(record.stringOr("content", ""));
                } else {
                    queue.stream()
                            .filter(text -> !text.startsWith("/"))
                            .findFirst()
                            .ifPresent(text -> {
                                queue.remove(text);
                                if (!looksMachineMade(text) && !text.isBlank()) {
                                    said.add(text);
                                }
                            });
                }
            }
            default -> {}
        }
    }

    /** In all files read by eye, what a person wrote never began like this, and what a machine wrote always did. */
    private static boolean looksMachineMade(String text) {
        return text.strip().matches("(?s)<[a-z]+-[a-z-]+[ >].*")
                || text.startsWith("[Request interrupted by user")
                || text.startsWith("Caveat: The messages below")
                || text.startsWith("Implement the following plan:");
    }

    /** Each call of a tool by the assistant itself, or by a subagent inside a progress record: its id. */
    List<String> calls() {
        List<String> calls = new ArrayList<>();
        for (JsonObject block : blocks("assistant", "tool_use")) {
            calls.add(block.stringOr("id", ""));
        }
        return calls;
    }

    /** Each result: its call's id, and whether it failed. */
    List<String> results() {
        List<String> results = new ArrayList<>();
        for (JsonObject block : blocks("user", "tool_result")) {
            results.add(block.stringOr("tool_use_id", "") + (block.isTrue("is_error") ? " failed" : ""));
        }
        return results;
    }

    private List<JsonObject> blocks(String recordType, String blockType) {
        List<JsonObject> found = new ArrayList<>();
        for (JsonObject outer : records) {
            JsonObject record = outer.object("data")
                    .flatMap(data -> data.object("message"))
                    .filter(_ -> outer.stringOr("type", "").equals("progress"))
                    .orElse(outer);
            if (record.stringOr("type", "").equals(recordType)) {
                for (JsonValue block :
                        record.object("message").orElse(JsonObject.EMPTY).array("content")) {
                    if (block instanceof JsonObject object
                            && object.stringOr("type", "").equals(blockType)) {
                        found.add(object);
                    }
                }
            }
        }
        return found;
    }

    /** The last line's usage of each message, summed. */
    TokenUsage used() {
        Map<String, TokenUsage> last = new LinkedHashMap<>();
        for (JsonObject record : records) {
            JsonObject message = record.object("message").orElse(JsonObject.EMPTY);
            if (record.stringOr("type", "").equals("assistant")
                    && !message.stringOr("model", "").equals("<synthetic>")
                    && message.object("usage").isPresent()) {
                JsonObject usage = message.object("usage").get();
                last.put(
                        message.stringOr("id", ""),
                        new TokenUsage(
                                usage.longOr("input_tokens", 0),
                                usage.longOr("cache_creation_input_tokens", 0),
                                usage.longOr("cache_read_input_tokens", 0),
                                usage.longOr("output_tokens", 0)));
            }
        }
        return last.values().stream().reduce(TokenUsage.NONE, TokenUsage::plus);
    }

    /** Texts of answers that are no API errors. */
    public List<String> answers() {
        List<String> answers = new ArrayList<>();
        for (JsonObject record : records) {
            JsonObject message = record.object("message").orElse(JsonObject.EMPTY);
            if (record.stringOr("type", "").equals("assistant")
                    && !record.isTrue("isApiErrorMessage")
                    && !message.stringOr("model", "").equals("<synthetic>")) {
                for (JsonValue block : message.array("content")) {
                    if (block instanceof JsonObject object
                            && object.stringOr("type", "").equals("text")) {
                        answers.add(object.stringOr("text", ""));
                    }
                }
            }
        }
        return answers;
    }

    /** Uuids that stand on more than one record. */
    Set<String> repeatedUuids() {
        Set<String> seen = new HashSet<>();
        Set<String> repeated = new HashSet<>();
        for (JsonObject record : records) {
            record.string("uuid").filter(uuid -> !seen.add(uuid)).ifPresent(repeated::add);
        }
        return repeated;
    }

    int size() {
        return records.size();
    }
}
