package dev.kept.benchmarks;

import dev.kept.json.JsonValue.JsonString;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.UUID;

/**
 * How one agent writes one conversation: the lines of its file for what is said in it. Each answer is whole lines.
 * Owned by one thread.
 */
abstract sealed class SoakAgent permits SoakClaude, SoakCodex, SoakGemini, SoakCopilot {
    /** The agents that a soak uses. */
    enum Kind {
        CLAUDE,
        CODEX,
        GEMINI,
        COPILOT
    }

    private final String provider;
    private final Path home;
    private final Path work;
    private final String id;
    private int count;

    SoakAgent(String provider, Path home, Path work, String id) {
        this.provider = provider;
        this.home = home;
        this.work = work;
        this.id = id;
    }

    /** A new conversation in that working directory. */
    static SoakAgent begin(Kind kind, Path home, Path work, Random random) {
        String id = newId(kind, random);
        return switch (kind) {
            case CLAUDE -> new SoakClaude(home, work, id);
            case CODEX -> new SoakCodex(home, work, id);
            case GEMINI -> new SoakGemini(home, work, id);
            case COPILOT -> new SoakCopilot(home, work, id);
        };
    }

    /** A new conversation's id, as that agent makes them. */
    static String newId(Kind kind, Random random) {
        long most = (random.nextLong() & ~0xf000L) | 0x4000L;
        if (kind == Kind.CODEX) {
            // An id that tells its time.
            most = (System.currentTimeMillis() << 16) | 0x7000L | random.nextInt(0x1000);
        }
        return new UUID(most, (random.nextLong() & (-1L >>> 2)) | Long.MIN_VALUE).toString();
    }

    /** The provider's short name. */
    final String provider() {
        return provider;
    }

    /** The home of the person who uses it. */
    final Path home() {
        return home;
    }

    /** The working directory. */
    final Path work() {
        return work;
    }

    /** The conversation's id. */
    final String id() {
        return id;
    }

    /** How often {@link #next} was called. */
    final int count() {
        return count;
    }

    /** The next number, for an id of its own. */
    final int next() {
        return count++;
    }

    static String quoted(String text) {
        return new JsonString(text).toJson();
    }

    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** When a run began that a person uses: a prompt that comes at once would count as a script's. */
    static String aWhileAgo() {
        return Instant.now().minusSeconds(30).truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** Where it keeps the conversation. */
    abstract Path file();

    /** What it writes first. */
    abstract String opening();

    /** What a person types. */
    abstract String person(String text);

    /** What the agent answers. */
    abstract String answer(String text);

    /** A tool that runs and gives back a text. */
    abstract String tool(String output);

    /** Whether records may be taken away and the file goes on: that each has an id of its own. */
    boolean mayBeCut() {
        return true;
    }
}
