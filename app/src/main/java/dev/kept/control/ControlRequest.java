package dev.kept.control;

import dev.kept.command.InChatCommand;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.json.MalformedJsonException;
import dev.kept.model.SessionKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request of the command line to the daemon over the control socket. On the wire: {@code {"request":"ping"}}. */
public sealed interface ControlRequest {

    /**
     * A request for the status report. The daemon renders the text too: its code for that is warm, and a command line
     * that only passes the text on answers in half the time.
     *
     * @param all for text: include stale sessions
     * @param color for text: use escape sequences
     */
    record Status(Form form, boolean all, boolean color) implements ControlRequest {
        /** Creates a request for programs, with everything. */
        public Status() {
            this(Form.JSON, true, false);
        }

        @Override
        public String name() {
            return "status";
        }

        @Override
        public String toJson() {
            return "{\"request\":\"status\",\"text\":" + (form == Form.TEXT) + ",\"all\":" + all + ",\"color\":" + color
                    + "}";
        }
    }

    /** The form of a status. */
    enum Form {
        JSON,
        TEXT
    }

    /** A request to end in order; the answer is sent before the end. */
    record Stop() implements ControlRequest {
        @Override
        public String name() {
            return "stop";
        }
    }

    /**
     * A request to end in order with {@link ExitCode#RELAUNCH}, so that the supervisor starts the daemon with what is
     * allowed now.
     */
    record Relaunch() implements ControlRequest {
        @Override
        public String name() {
            return "relaunch";
        }
    }

    /** A request for the daemon's confinement: {@code run/sandbox.json} as it was at the daemon's start. */
    record Confinement() implements ControlRequest {
        @Override
        public String name() {
            return "confinement";
        }
    }

    /**
     * An order for a session, as if it were given in its chat. On the wire {@code
     * {"request":"order","order":"record","provider":…,"sessionId":…,"path":…}}; answered by {@link OrderAnswer}.
     *
     * @param path absolute path of the recording; if empty, the session's current one, or a generated one
     */
    record Order(SessionKey session, What what, Optional<String> path) implements ControlRequest {
        /** The kind of order. */
        public enum What {
            /** Record from here on. */
            RECORD,
            /** Write the conversation so far and record from here on. */
            CAPTURE,
            /** Stop recording. */
            UNRECORD;

            String publicName() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        @Override
        public String name() {
            return "order";
        }

        @Override
        public String toJson() {
            Map<String, JsonValue> members = new LinkedHashMap<>();
            members.put("request", new JsonString(name()));
            members.put("order", new JsonString(what.publicName()));
            members.put("provider", new JsonString(session.provider()));
            members.put("sessionId", new JsonString(session.sessionId()));
            path.ifPresent(file -> members.put("path", new JsonString(file)));
            return new JsonObject(members).toJson();
        }

        /** Returns the equivalent in-chat commands. */
        public List<InChatCommand> commands() {
            return switch (what) {
                case RECORD ->
                    path.isEmpty()
                            ? List.of(new InChatCommand.StartRecording())
                            : List.of(new InChatCommand.Initialize(path), new InChatCommand.StartRecording());
                case CAPTURE -> List.of(new InChatCommand.Capture(path));
                case UNRECORD -> List.of(new InChatCommand.Stop());
            };
        }

        private static Optional<ControlRequest> read(JsonObject object) {
            for (What what : What.values()) {
                if (what.publicName().equals(object.stringOr("order", ""))) {
                    SessionKey session =
                            new SessionKey(object.stringOr("provider", ""), object.stringOr("sessionId", ""));
                    return Optional.of(new Order(session, what, object.string("path")));
                }
            }
            return Optional.empty();
        }
    }

    /**
     * A request to seal tapes, or only to report the progress. On the wire {@code
     * {"request":"seal","restSeconds":1209600}}, or without the number; answered by {@link SealAnswer}.
     *
     * @param rest minimum time that a source has been resting; if empty, no sealing is started
     */
    record Seal(Optional<Duration> rest) implements ControlRequest {
        @Override
        public String name() {
            return "seal";
        }

        @Override
        public String toJson() {
            return "{\"request\":\"seal\""
                    + rest.map(span -> ",\"restSeconds\":" + span.toSeconds()).orElse("") + "}";
        }

        private static Seal read(JsonObject object) {
            long seconds = object.longOr("restSeconds", -1);
            return new Seal(seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds)));
        }
    }

    /** A request for the daemon's identity: {@code {"pid":…,"version":…}}. */
    record Ping() implements ControlRequest {
        @Override
        public String name() {
            return "ping";
        }
    }

    /**
     * Returns the request's name on the wire. A method of each record and not a switch, which costs the quick commands
     * milliseconds.
     */
    String name();

    /** Returns the request as JSON. */
    default String toJson() {
        return "{\"request\":\"" + name() + "\"}";
    }

    /** Parses a request; returns empty if this version does not know it. */
    static Optional<ControlRequest> read(String json) {
        try {
            if (!(JsonReader.parse(json) instanceof JsonObject object)) {
                return Optional.empty();
            }
            return switch (object.stringOr("request", "")) {
                case "status" ->
                    Optional.of(new Status(
                            object.isTrue("text") ? Form.TEXT : Form.JSON,
                            object.isTrue("all"),
                            object.isTrue("color")));
                case "stop" -> Optional.of(new Stop());
                case "relaunch" -> Optional.of(new Relaunch());
                case "confinement" -> Optional.of(new Confinement());
                case "order" -> Order.read(object);
                case "seal" -> Optional.of(Seal.read(object));
                case "ping" -> Optional.of(new Ping());
                default -> Optional.empty();
            };
        } catch (MalformedJsonException e) {
            return Optional.empty();
        }
    }
}
