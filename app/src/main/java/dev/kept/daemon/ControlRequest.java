package dev.kept.daemon;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.MalformedJsonException;
import java.util.Optional;

/** What the command line asks the daemon over the control socket. On the wire: {@code {"request":"status"}}. */
public sealed interface ControlRequest {

    /** The status report as JSON. */
    record Status() implements ControlRequest {}

    /** End in order; the answer comes before the end. */
    record Stop() implements ControlRequest {}

    /** End in order with {@link ExitCode#RELAUNCH}, so that the supervisor starts the daemon with what is allowed now. */
    record Relaunch() implements ControlRequest {}

    /** Who answers: {@code {"pid":…,"version":…}}. */
    record Ping() implements ControlRequest {}

    /** The request's name on the wire. */
    default String name() {
        return switch (this) {
            case Status _ -> "status";
            case Stop _ -> "stop";
            case Relaunch _ -> "relaunch";
            case Ping _ -> "ping";
        };
    }

    /** The request as JSON. */
    default String toJson() {
        return "{\"request\":\"" + name() + "\"}";
    }

    /** The request that a JSON text is; empty if it is none that this version knows. */
    static Optional<ControlRequest> read(String json) {
        try {
            if (!(JsonReader.parse(json) instanceof JsonObject object)) {
                return Optional.empty();
            }
            return switch (object.stringOr("request", "")) {
                case "status" -> Optional.of(new Status());
                case "stop" -> Optional.of(new Stop());
                case "relaunch" -> Optional.of(new Relaunch());
                case "ping" -> Optional.of(new Ping());
                default -> Optional.empty();
            };
        } catch (MalformedJsonException e) {
            return Optional.empty();
        }
    }
}
