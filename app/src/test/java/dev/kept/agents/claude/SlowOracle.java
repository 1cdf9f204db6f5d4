package dev.kept.agents.claude;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * A second, obvious reading of a file, written from the notes on the format and the raw files: all of it in memory, one
 * question at a time. It shares no code, no constant and no list with the parser, not even the JSON reader. It answers
 * what a person said, which tools ran and failed, and what was used; {@link #toJudge} names the answers that a person
 * has to look at.
 */
public final class SlowOracle {
    private static final JsonFactory JSON =
            JsonFactory.builder().disable(StreamReadFeature.AUTO_CLOSE_SOURCE).build();

    private final List<Map<?, ?>> records = new ArrayList<>();

    /** Reads a file. Lines may hold several values; a value that is cut is left out. */
    public SlowOracle(byte[] file) {
        for (String line : new String(file, StandardCharsets.UTF_8).split("\n", -1)) {
            try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
                while (json.nextToken() != null) {
                    if (value(json) instanceof Map<?, ?> record) {
                        records.add(record);
                    }
                }
            } catch (JacksonException cut) {
                // What stands before it was read.
            }
        }
    }

    private static @Nullable Object value(JsonParser json) {
        JsonToken token = json.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> members = new LinkedHashMap<>();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                Object member = value(json);
                if (member != null) {
                    members.put(name, member);
                }
            }
            return members;
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> items = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                Object item = value(json);
                if (item != null) {
                    items.add(item);
                }
            }
            return items;
        }
        return switch (token) {
            case VALUE_STRING -> json.getString();
            case VALUE_NUMBER_INT -> json.getLongValue();
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private static String string(Map<?, ?> from, String name) {
        return from.get(name) instanceof String text ? text : "";
    }

    private static Map<?, ?> object(Map<?, ?> from, String name) {
        return from.get(name) instanceof Map<?, ?> object ? object : Map.of();
    }

    private static List<Map<?, ?>> blocks(Map<?, ?> message) {
        List<Map<?, ?>> blocks = new ArrayList<>();
        if (message.get("content") instanceof String text) {
            blocks.add(Map.of("type", "text", "text", text));
        } else if (message.get("content") instanceof List<?> items) {
            for (Object item : items) {
                if (item instanceof Map<?, ?> block) {
                    blocks.add(block);
                }
            }
        }
        return blocks;
    }

    private static boolean is(Map<?, ?> record, String type) {
        return string(record, "type").equals(type);
    }

    /** Returns what people said, in order. */
    public List<String> said() {
        List<String> said = new ArrayList<>();
        List<String> queue = new ArrayList<>();
        String version = "";
        for (Map<?, ?> record : records) {
            version = string(record, "version").isEmpty() ? version : string(record, "version");
            Map<?, ?> attachment = object(record, "attachment");
            if (is(record, "user")) {
                saidByUser(record, version).ifPresent(said::add);
            } else if (is(attachment, "queued_command")) {
                boolean prompt = string(attachment, "commandMode").equals("prompt");
                boolean human = string(object(attachment, "origin"), "kind").equals("human");
                if (prompt && (human || isOld(version))) {
                    typed(string(attachment, "prompt"), human).ifPresent(said::add);
                }
            } else if (is(record, "queue-operation")) {
                replay(record, queue, said);
            }
        }
        return said;
    }

    /** From 2.1.161 on the record of a prompt says where it came from. */
    private static boolean isOld(String version) {
        String[] parts = version.split("\\.", -1);
        return parts.length < 3
                || Integer.parseInt(parts[0]) * 1_000_000
                                + Integer.parseInt(parts[1]) * 1_000
                                + Integer.parseInt(parts[2].replaceAll("\\D.*", ""))
                        < 2_001_161;
    }

    private static Optional<String> saidByUser(Map<?, ?> record, String version) {
        boolean synthetic = Boolean.TRUE.equals(record.get("isMeta"))
                || Boolean.TRUE.equals(record.get("isSidechain"))
                || Boolean.TRUE.equals(record.get("isCompactSummary"))
                || Boolean.TRUE.equals(record.get("isVisibleInTranscriptOnly"))
                || record.containsKey("planContent")
                || record.containsKey("sourceToolUseID");
        String origin = string(object(record, "origin"), "kind");
        String source = string(record, "promptSource");
        boolean marked = !origin.isEmpty() || !source.isEmpty();
        boolean byMachine = marked ? !origin.isEmpty() && !origin.equals("human") : !isOld(version);
        if (synthetic || byMachine || source.equals("system") || source.equals("suggestion_accepted")) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        boolean media = false;
        boolean result = false;
        for (Map<?, ?> block : blocks(object(record, "message"))) {
            if (is(block, "text")) {
                typed(string(block, "text"), source.equals("typed") || source.equals("queued"))
                        .ifPresent(texts::add);
            }
            media |= is(block, "image") || is(block, "document");
            result |= is(block, "tool_result");
        }
        boolean saysSomething = texts.stream().anyMatch(text -> !text.isBlank()) || (media && !result);
        return saysSomething ? Optional.of(String.join("\n", texts)) : Optional.empty();
    }

    /**
     * Returns what of a text a person typed, by eye: in the files that were read through, a machine's text begins with
     * an element whose end is in the text as well, or with one of these words.
     */
    private static Optional<String> typed(String text, boolean saidToBeTyped) {
        String left = text;
        for (String host : List.of("system-reminder", "ide_opened_file", "ide_selection", "system_instruction")) {
            left = Pattern.compile("^\\s*<" + host + ">.*?</" + host + ">\\s*", Pattern.DOTALL)
                    .matcher(left)
                    .replaceFirst("");
        }
        boolean element = Pattern.compile("\\s*<([a-z]+[-_][a-z_-]+)[ >].*</\\1>.*", Pattern.DOTALL)
                .matcher(left)
                .matches();
        boolean words = left.matches("(?s)(\\[Request interrupted by user|Caveat: The messages below were|"
                + "Implement the following plan:\n|Operation stopped by hook|Stop hook feedback:).*");
        boolean machine = element || (words && !saidToBeTyped);
        return machine || (left.isBlank() && !text.isBlank()) ? Optional.empty() : Optional.of(left);
    }

    private static void replay(Map<?, ?> operation, List<String> queue, List<String> said) {
        switch (string(operation, "operation")) {
            case "enqueue" -> queue.add(string(operation, "content"));
            case "dequeue" -> {
                if (!queue.isEmpty()) {
                    queue.removeFirst();
                }
            }
            case "popAll" -> queue.clear();
            case "remove" -> {
                if (operation.containsKey("content")) {
                    queue.remove(string(operation, "content"));
                    return;
                }
                for (String text : List.copyOf(queue)) {
                    if (!text.startsWith("/")) {
                        queue.remove(text);
                        typed(text, false).filter(it -> !it.isBlank()).ifPresent(said::add);
                        return;
                    }
                }
            }
            default -> {}
        }
    }

    /** Returns those of some texts by people that a machine may have begun: a person has to look at them. */
    static List<String> toJudge(List<String> said) {
        Pattern odd = Pattern.compile(
                "\\s*(?:[<\\[#{]|This session is being|Implement the|Caveat|Operation stopped|[A-Za-z]+ hook "
                        + "|System:|Base directory|Continue from where|The user |Human:).*",
                Pattern.DOTALL);
        return said.stream().filter(text -> odd.matcher(text).matches()).toList();
    }

    /** Each call of a tool by the assistant itself, or by a subagent inside a progress record: its id. */
    List<String> calls() {
        return blocks("assistant", "tool_use").stream()
                .map(block -> string(block, "id"))
                .toList();
    }

    /** Each result: its call's id, and whether it failed. */
    List<String> results() {
        return blocks("user", "tool_result").stream()
                .map(block ->
                        string(block, "tool_use_id") + (Boolean.TRUE.equals(block.get("is_error")) ? " failed" : ""))
                .toList();
    }

    private List<Map<?, ?>> blocks(String recordType, String blockType) {
        List<Map<?, ?>> found = new ArrayList<>();
        for (Map<?, ?> outer : records) {
            Map<?, ?> embedded = object(object(outer, "data"), "message");
            Map<?, ?> record = is(outer, "progress") && !embedded.isEmpty() ? embedded : outer;
            if (is(record, recordType)) {
                for (Map<?, ?> block : blocks(object(record, "message"))) {
                    if (is(block, blockType)) {
                        found.add(block);
                    }
                }
            }
        }
        return found;
    }

    private static boolean isSynthetic(Map<?, ?> record) {
        return string(object(record, "message"), "model").equals("<synthetic>");
    }

    /** The last line's usage of each message, summed: input, cache creation, cache read, output. */
    List<Long> used() {
        Map<String, List<Long>> last = new LinkedHashMap<>();
        for (Map<?, ?> record : records) {
            Map<?, ?> message = object(record, "message");
            Map<?, ?> usage = object(message, "usage");
            if (is(record, "assistant") && !isSynthetic(record) && !usage.isEmpty()) {
                last.put(
                        string(message, "id"),
                        List.of(
                                number(usage, "input_tokens"),
                                number(usage, "cache_creation_input_tokens"),
                                number(usage, "cache_read_input_tokens"),
                                number(usage, "output_tokens")));
            }
        }
        List<Long> sums = new ArrayList<>(List.of(0L, 0L, 0L, 0L));
        for (List<Long> usage : last.values()) {
            for (int i = 0; i < usage.size(); i++) {
                sums.set(i, sums.get(i) + usage.get(i));
            }
        }
        return sums;
    }

    private static long number(Map<?, ?> from, String name) {
        return from.get(name) instanceof Long number ? number : 0;
    }

    /** TextEscapes of answers that are no API errors. */
    public List<String> answers() {
        List<String> answers = new ArrayList<>();
        for (Map<?, ?> record : records) {
            boolean error = Boolean.TRUE.equals(record.get("isApiErrorMessage"));
            if (is(record, "assistant") && !error && !isSynthetic(record)) {
                for (Map<?, ?> block : blocks(object(record, "message"))) {
                    if (is(block, "text")) {
                        answers.add(string(block, "text"));
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
        for (Map<?, ?> record : records) {
            String uuid = string(record, "uuid");
            if (!uuid.isEmpty() && !seen.add(uuid)) {
                repeated.add(uuid);
            }
        }
        return repeated;
    }

    int size() {
        return records.size();
    }
}
