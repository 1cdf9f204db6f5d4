package dev.kept.agents.codex;

import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.TokenUsage;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;

/**
 * Turns running totals into what was added. Codex tells the total and the last call's part of it after each call, often
 * again (329 of 4,737 {@code token_count}s), and from 0.16x on in two records: what the last call used counts when the total
 * moved.
 */
final class CodexUsage {
    private TokenUsage total = TokenUsage.NONE;

    /** What was added; {@link TokenUsage#NONE} if this was told before. */
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

    /** {@code input_tokens} counts those from the cache and those written to it too; {@code output_tokens} all output. */
    private static TokenUsage of(JsonObject usage) {
        long cached = usage.longOr("cached_input_tokens", 0);
        long written = usage.longOr("cache_write_input_tokens", 0);
        long input = Math.max(0, usage.longOr("input_tokens", 0) - cached - written);
        return new TokenUsage(input, written, cached, usage.longOr("output_tokens", 0));
    }
}
