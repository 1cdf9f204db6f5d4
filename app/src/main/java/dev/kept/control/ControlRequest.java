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

/** What the command line asks the daemon over the control socket. On the wire: {@code {"request":"ping"}}. */
public sealed interface ControlRequest {

    /**
     * The status report. The daemon writes the text too: it has done so before, and a command line that only passes it on
     * answers in half the time.
     *
     * @param all for text: stale sessions too
     * @param color for text: with escape sequences
     */
    record Status(Form form, boolean all, boolean color) implements ControlRequest {
        /** For programs, with everything. */
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

    /** How a status is written. */
    enum Form {
        JSON,
        TEXT
    }

    /** End in order; the answer comes before the end. */
    record Stop() implements ControlRequest {
        @Override
        public String name() {
            return "stop";
        }
    }

    /** End in order with {@link ExitCode#RELAUNCH}, so that the supervisor starts the daemon with what is allowed now. */
    record Relaunch() implements ControlRequest {
        @Override
        public String name() {
            return "relaunch";
        }
    }

    /** What confines the daemon: {@code run/sandbox.json}, as the daemon took it at its start. */
    record Confinement() implements ControlRequest {
        @Override
        public String name() {
            return "confinement";
        }
    }

    /**
     * Something to do for a session, as if it were ordered in its chat. On the wire {@code
     * {"request":"order","order":"record","provider":…,"sessionId":…,"path":…}}; answered by {@link OrderAnswer}.
     *
     * @param path absolute; without one that of the session, or one that is made up
     */
    record Order(SessionKey session, What what, Optional<String> path) implements ControlRequest {
        /** What is to be done. */
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

        /** The in-chat commands that it stands for. */
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
     * Seal tapes, or only tell how far that is. On the wire {@code {"request":"seal","restSeconds":1209600}}, or without the
     * number; answered by {@link SealAnswer}.
     *
     * @param rest how long a source must have rested; empty: nothing is begun
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

    /** Who answers: {@code {"pid":…,"version":…}}. */
    record Ping() implements ControlRequest {
        @Override
        public String name() {
            return "ping";
        }
    }

    /** The request's name on the wire. A method of each and not a switch, which costs the quick commands milliseconds. */
    String name();

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
