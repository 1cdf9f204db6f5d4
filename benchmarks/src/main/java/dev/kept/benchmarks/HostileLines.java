package dev.kept.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.IntFunction;

/**
 * Lines that somebody wrote so that reading them takes as much memory as possible, as records of a Claude Code session.
 */
@SuppressWarnings("ImmutableEnumChecker") // The functions have no state.
enum HostileLines {
    /** Many small replacements. */
    EDITS(
            i -> "{\"old_string\":\"old " + i + " " + "a\\n".repeat(20) + "\",\"new_string\":\"new " + "b\\n".repeat(20)
                    + "\"}",
            "assistant",
            call("MultiEdit") + "\"file_path\":\"/x\",\"edits\":[",
            "]}}"),
    /** Many names, each another one. */
    NAMES(i -> "\"k" + i + "\":\"" + "ж".repeat(14) + "\"", "assistant", call("Write"), "}}"),
    /** Many parts of one message. */
    PARTS(i -> text("part " + i + " `<[*_ " + "x".repeat(100)), "user", "", ""),
    /** Numbers, which are least text for most values. */
    NUMBERS(i -> "1", "assistant", call("Write") + "\"a\":[", "]}}"),
    /** Arrays in arrays. */
    ARRAYS(i -> "[[[]]]", "assistant", call("Write") + "\"a\":[", "]}}"),
    /** TextEscapes a little shorter than those that are taken out, of two bytes a character. */
    TEXTS(i -> text(i + "щ`<[*_".repeat(31_000)), "assistant", "", ""),
    /** The same of one byte a character in the file and two in memory. */
    WIDE_TEXTS(i -> text(i + "ж" + "a`<[*_b".repeat(35_000)), "assistant", "", ""),
    /** TextEscapes of 3,000 characters with a wide one, none of which is taken out. */
    SHORT_TEXTS(i -> text(i + "ж" + "\\\"a<\\\\\\\"".repeat(500)), "assistant", "", ""),
    /** Results of tools. */
    RESULTS(i -> text(i + "x".repeat(200_000)), "user", result(), "]}"),
    /** Characters that are shown by their numbers. */
    CONTROLS(i -> text(i + "\u0085\u202e".repeat(40_000)), "assistant", "", ""),
    /** A replacement of lines of one character. */
    LINES(
            i -> call("Edit") + "\"file_path\":\"/x\",\"old_string\":\"" + "a\\n".repeat(40_000)
                    + "\",\"new_string\":\"" + "b\\n".repeat(40_000) + i + "ж\"}}",
            "assistant",
            "",
            ""),
    /** One secret after another. */
    SECRETS(i -> text(i + " password=hunter2hunter2x".repeat(9_000)), "assistant", "", ""),
    /** An envelope that does not end. */
    ENVELOPES(i -> text("Wall time: 1\\n".repeat(17_000) + i), "user", result(), "]}");

    private static final int MB = 1_000_000;

    private final IntFunction<String> part;
    private final String type;
    private final String before;
    private final String after;

    /**
     * @param part one of the many things that the message has
     * @param type of the record
     * @param before what stands before them, and {@code after} them
     */
    HostileLines(IntFunction<String> part, String type, String before, String after) {
        this.part = part;
        this.type = type;
        this.before = before;
        this.after = after;
    }

    private static String text(String text) {
        return "{\"type\":\"text\",\"text\":\"" + text + "\"}";
    }

    private static String call(String tool) {
        return "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"" + tool + "\",\"input\":{";
    }

    private static String result() {
        return "{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":[";
    }

    /** A line of about so many bytes, with its line end. */
    byte[] line(String session, int number, double megabytes) {
        StringBuilder line = new StringBuilder("{\"parentUuid\":null,\"isSidechain\":false,\"userType\":\"external\","
                + "\"cwd\":\"/home/dev/project\",\"sessionId\":\"" + session + "\",\"version\":\"2.0.76\",\"type\":\""
                + type
                + "\",\"uuid\":\"%08d-0000-4000-9000-%012d\",\"timestamp\":\""
                        .formatted(Math.floorMod(name().hashCode(), 100_000_000), number)
                + Json.time(Instant.now()) + "\",\"message\":{\"role\":\"" + type
                + "\",\"model\":\"m\",\"id\":\"m" + number + "\",\"content\":[" + before);
        long bytes = 0;
        for (int i = 0; bytes < megabytes * MB; i++) {
            String next = (i == 0 ? "" : ",") + part.apply(i);
            line.append(next);
            bytes += next.getBytes(StandardCharsets.UTF_8).length;
        }
        return line.append(after).append("]}}\n").toString().getBytes(StandardCharsets.UTF_8);
    }
}
