package dev.kept.observe;

import dev.kept.json.JsonWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/** One entry of a log as JSON: time, kind, code, then facts in the order of their names. */
final class LogLine {
    /** The length at which a fact is cut: logs hold codes, paths and counts, nothing large. */
    private static final int LONGEST_FACT = 2_000;

    private LogLine() {}

    static String of(Instant at, String kind, String code, Map<String, String> facts) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonWriter.compact(text)) {
            out.writeStartObject();
            out.writeStringProperty("at", at.toString());
            out.writeStringProperty("kind", kind);
            out.writeStringProperty("code", code);
            new TreeMap<>(facts).forEach((name, value) -> out.writeStringProperty(name, cut(value)));
            out.writeEndObject();
        }
        return text.toString();
    }

    private static String cut(String value) {
        return value.length() <= LONGEST_FACT ? value : value.substring(0, LONGEST_FACT) + "…";
    }
}
