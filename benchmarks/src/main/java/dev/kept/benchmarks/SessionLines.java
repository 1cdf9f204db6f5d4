package dev.kept.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * The records of one Claude Code session, one line each, in the order of a real one: a prompt, thinking, text, tool
 * calls with their results. Sizes differ by kind and are steered so that their mean is the shape's.
 */
public final class SessionLines {
    private static final int OVERHEAD = 700;
    private static final double MEAN_WEIGHT = 0.96;
    private static final String[][] TOOLS = {
        {"Bash", "command"}, {"Read", "file_path"}, {"Grep", "pattern"}, {"Edit", "file_path"}, {"Write", "file_path"}
    };

    private enum Kind {
        USER(0.30, 420),
        TEXT(0.85, 820),
        THINKING(1.1, 900),
        TOOL_USE(0.55, 860),
        TOOL_RESULT(1.6, 560);

        /** Its content's size beside that of the others. */
        private final double weight;
        /** What its record takes beside its content. */
        private final int overhead;

        Kind(double weight, int overhead) {
            this.weight = weight;
            this.overhead = overhead;
        }
    }

    private final WorkloadShape shape;
    private final SplittableRandom random;
    /** Apart, so that a prompt that is added later has an id that no record has. */
    private final SplittableRandom prompts;

    private final TextPool pool;
    private final String sessionId;
    private final int project;
    private final Deque<Kind> next = new ArrayDeque<>();
    private Instant time;
    private String parent = "";
    private String toolId = "";
    private long written;
    private long count;

    SessionLines(WorkloadShape shape, int number, TextPool pool) {
        this.shape = shape;
        this.pool = pool;
        this.random = new SplittableRandom(shape.seed() * 1_000_003L + number);
        this.prompts = new SplittableRandom(~(shape.seed() * 1_000_003L + number));
        this.project = number % shape.projects();
        this.sessionId = uuid(random);
        this.time =
                shape.base().minus(shape.sessions() - number, ChronoUnit.HOURS).minusMillis(shape.events() * 4_700L);
    }

    /** All sessions of a shape, made when asked for. */
    static SessionLines[] of(WorkloadShape shape) {
        TextPool pool = new TextPool(new SplittableRandom(shape.seed()), shape.nonAscii());
        SessionLines[] all = new SessionLines[shape.sessions()];
        for (int i = 0; i < all.length; i++) {
            all[i] = new SessionLines(shape, i, pool);
        }
        return all;
    }

    String sessionId() {
        return sessionId;
    }

    /** Its file below the agent's root. */
    String file() {
        return "projects/-home-dev-project-" + project + "/" + sessionId + ".jsonl";
    }

    Instant time() {
        return time;
    }

    private static String uuid(SplittableRandom random) {
        long high = (random.nextLong() & ~0xf000L) | 0x4000L;
        long low = (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low).toString();
    }

    /** The next record's line, with its newline. */
    public byte[] next() {
        if (next.isEmpty()) {
            turn();
        }
        byte[] line = record(next.remove()).getBytes(StandardCharsets.UTF_8);
        written += line.length;
        count++;
        return line;
    }

    /** A prompt of a person at some time, as the agent would write it now. */
    byte[] prompt(String text, Instant at) {
        time = at;
        StringBuilder out = base("user", uuid(prompts));
        Json.property(out.append(",\"message\":{\"role\":\"user\","), "content", text);
        return finish(out.append('}')).getBytes(StandardCharsets.UTF_8);
    }

    private void turn() {
        next.add(Kind.USER);
        next.add(Kind.THINKING);
        next.add(Kind.TEXT);
        int tools = random.nextInt(1, 5);
        for (int i = 0; i < tools; i++) {
            next.add(Kind.TOOL_USE);
            next.add(Kind.TOOL_RESULT);
            if (random.nextDouble() < 0.35) {
                next.add(Kind.TEXT);
            }
        }
        next.add(Kind.TEXT);
    }

    /** Steers so that the mean so far meets the target. */
    private double budget(Kind kind) {
        double want = (double) shape.bytes() * (count + 1) - written;
        double free = Math.max(0, shape.bytes() - OVERHEAD);
        double jitter = random.nextDouble(0.5, 1.5);
        return Math.max(
                12,
                free * kind.weight / MEAN_WEIGHT * jitter + (want - shape.bytes()) * 0.1 + (OVERHEAD - kind.overhead));
    }

    private String record(Kind kind) {
        double size = budget(kind);
        time = time.plusMillis(random.nextInt(400, 9000));
        String uuid = uuid(random);
        return switch (kind) {
            case USER -> {
                StringBuilder out = base("user", uuid);
                Json.property(out.append(",\"message\":{\"role\":\"user\","), "content", pool.slice(random, size));
                yield finish(out.append('}'));
            }
            case TEXT -> {
                StringBuilder block = new StringBuilder("{\"type\":\"text\",");
                yield assistant(uuid, Json.property(block, "text", pool.slice(random, size)), "\"end_turn\"");
            }
            case THINKING -> {
                StringBuilder block = new StringBuilder("{\"type\":\"thinking\",");
                Json.property(block, "thinking", pool.slice(random, size));
                block.append(",\"signature\":\"Er").append(hex(120)).append('"');
                yield assistant(uuid, block, "null");
            }
            case TOOL_USE -> assistant(uuid, toolUse(size), "\"tool_use\"");
            case TOOL_RESULT -> toolResult(uuid, pool.slice(random, size / 2));
        };
    }

    private StringBuilder toolUse(double size) {
        String[] tool = TOOLS[random.nextInt(TOOLS.length)];
        toolId = "toolu_01" + hex(22);
        StringBuilder block = new StringBuilder("{\"type\":\"tool_use\",\"id\":\"")
                .append(toolId)
                .append("\",\"name\":\"")
                .append(tool[0])
                .append("\",\"input\":{");
        String word = pool.slice(random, 18).split("\\s", 2)[0];
        String argument = tool[1].equals("file_path")
                ? "/home/dev/project/src/" + word + ".ts"
                : pool.slice(random, 40).replace('\n', ' ');
        Json.property(block, tool[1], argument);
        if (tool[0].equals("Bash")) {
            Json.property(block.append(','), "description", "Run a check");
        }
        if (size > 60) {
            String name = tool[0].equals("Edit") ? "new_string" : "content";
            Json.property(block.append(','), name, pool.slice(random, size));
        }
        return block.append('}');
    }

    private String toolResult(String uuid, String body) {
        StringBuilder out = base("user", uuid);
        out.append(",\"message\":{\"role\":\"user\",\"content\":[{\"tool_use_id\":\"")
                .append(toolId)
                .append("\",\"type\":\"tool_result\",");
        Json.property(out, "content", body).append("}]},\"toolUseResult\":{");
        Json.property(out, "stdout", body).append(",\"stderr\":\"\",\"interrupted\":false,\"isImage\":false}");
        return finish(out);
    }

    private String assistant(String uuid, StringBuilder block, String stop) {
        String digits = uuid.replace("-", "");
        StringBuilder out = base("assistant", uuid);
        out.append(",\"message\":{\"model\":\"claude-sonnet-4-5-20250929\",\"id\":\"msg_01")
                .append(digits, 0, 22)
                .append("\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[")
                .append(block)
                .append("}],\"stop_reason\":")
                .append(stop)
                .append(",\"stop_sequence\":null,\"usage\":{\"input_tokens\":")
                .append(random.nextInt(1, 900))
                .append(",\"cache_creation_input_tokens\":")
                .append(random.nextInt(9_000))
                .append(",\"cache_read_input_tokens\":")
                .append(random.nextInt(120_000))
                .append(",\"output_tokens\":")
                .append(random.nextInt(1, 2_000))
                .append(",\"service_tier\":\"standard\"}},\"requestId\":\"req_011")
                .append(digits, 8, 29)
                .append('"');
        return finish(out);
    }

    private StringBuilder base(String type, String uuid) {
        StringBuilder out = new StringBuilder(shape.bytes() * 2);
        out.append("{\"parentUuid\":").append(parent.isEmpty() ? "null" : "\"" + parent + "\"");
        out.append(",\"isSidechain\":false,\"userType\":\"external\",\"cwd\":\"/home/dev/project-")
                .append(project)
                .append("\",\"sessionId\":\"")
                .append(sessionId)
                .append("\",\"version\":\"2.0.76\",\"gitBranch\":\"main\",\"type\":\"")
                .append(type)
                .append('"');
        parent = uuid;
        return out;
    }

    private String finish(StringBuilder out) {
        return out.append(",\"uuid\":\"")
                .append(parent)
                .append("\",\"timestamp\":\"")
                .append(Json.time(time))
                .append("\"}\n")
                .toString();
    }

    private String hex(int digits) {
        StringBuilder out = new StringBuilder(digits);
        while (out.length() < digits) {
            out.append("%016x".formatted(random.nextLong()), 0, Math.min(16, digits - out.length()));
        }
        return out.toString();
    }
}
