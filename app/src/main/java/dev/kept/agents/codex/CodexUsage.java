package dev.kept.agents.codex;

import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.TokenUsage;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;

/**
 * A converter of running totals to increments. Codex reports the total and the part of the last call after each call,
 * often repeatedly (329 of 4,737 {@code token_count}s), and from 0.16x on in two records. The usage of the last call
 * counts when the total changed.
 */
final class CodexUsage {
    private TokenUsage total = TokenUsage.NONE;

    /** Accepts a report and returns the increment; {@link TokenUsage#NONE} for a repeated report. */
    TokenUsage increment(JsonObject totalUsage, JsonObject lastUsage) {
        TokenUsage now = of(totalUsage);
        if (now.equals(total)) {
            return TokenUsage.NONE;
        }
        total = now;
        return of(lastUsage);
    }

    TokenUsage total() {
        return total;
    }

    void save(StateWriter out) {
        out.number(total.input());
        out.number(total.cacheCreation());
        out.number(total.cacheRead());
        out.number(total.output());
    }

    void restore(StateReader in) throws IOException {
        total = new TokenUsage(in.number(), in.number(), in.number(), in.number());
    }

    /**
     * Returns the usage of a report. {@code input_tokens} includes those read from and written to the cache; {@code
     * output_tokens} is all output.
     */
    private static TokenUsage of(JsonObject usage) {
        long cached = usage.longOr("cached_input_tokens", 0);
        long written = usage.longOr("cache_write_input_tokens", 0);
        long input = Math.max(0, usage.longOr("input_tokens", 0) - cached - written);
        return new TokenUsage(input, written, cached, usage.longOr("output_tokens", 0));
    }
}
