package dev.kept.control;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonBoolean;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.json.MalformedJsonException;
import dev.kept.recording.command.CommandLineOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** The answer to a {@link ControlRequest.Order}, on the wire: {@code {"done":true,"message":…,"remedy":…}}. */
public final class OrderAnswer {
    private OrderAnswer() {}

    public static String toJson(CommandLineOrder.Reply reply) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("done", new JsonBoolean(reply.done()));
        members.put("message", new JsonString(reply.message()));
        members.put("remedy", new JsonString(reply.remedy()));
        return new JsonObject(members).toJson();
    }

    /** Parses a reply. An answer of a daemon of another version, if not understood, is shown unchanged. */
    public static CommandLineOrder.Reply read(String json) {
        try {
            if (JsonReader.parse(json) instanceof JsonObject answer
                    && answer.string("message").isPresent()) {
                return new CommandLineOrder.Reply(
                        answer.isTrue("done"), answer.stringOr("message", ""), answer.stringOr("remedy", ""));
            }
            return new CommandLineOrder.Reply(false, json, "Try: kept restart");
        } catch (MalformedJsonException e) {
            return new CommandLineOrder.Reply(false, "the daemon's answer is not understood", "Try: kept restart");
        }
    }
}
