package dev.kept.control;

import dev.kept.ingest.seal.SealProgress;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonBoolean;
import dev.kept.json.JsonValue.JsonNumber;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.MalformedJsonException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The answer to a {@link ControlRequest.Seal}: the progress of sealing, on the wire {@code
 * {"running":true,"segments":12,"bytes":…,…}}.
 */
public final class SealAnswer {
    private SealAnswer() {}

    public static String toJson(SealProgress progress) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("running", new JsonBoolean(progress.running()));
        members.put("segments", number(progress.segments()));
        members.put("bytes", number(progress.bytes()));
        members.put("packedBytes", number(progress.packedBytes()));
        members.put("underWay", number(progress.underWay()));
        members.put("failed", number(progress.failed()));
        return new JsonObject(members).toJson();
    }

    private static JsonNumber number(long value) {
        return new JsonNumber(Long.toString(value));
    }

    /** Parses the progress; empty if it is the answer of a daemon that does not seal. */
    public static Optional<SealProgress> read(String json) {
        try {
            return JsonReader.parse(json) instanceof JsonObject answer && answer.longOr("segments", -1) >= 0
                    ? Optional.of(new SealProgress(
                            answer.isTrue("running"),
                            answer.longOr("segments", 0),
                            answer.longOr("bytes", 0),
                            answer.longOr("packedBytes", 0),
                            answer.longOr("underWay", 0),
                            answer.longOr("failed", 0)))
                    : Optional.empty();
        } catch (MalformedJsonException e) {
            return Optional.empty();
        }
    }
}
