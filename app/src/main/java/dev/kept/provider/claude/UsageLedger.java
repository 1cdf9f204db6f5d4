package dev.kept.provider.claude;

import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.TokenUsage;

/**
 * Turns the usage that Claude Code repeats on every line of an API message into what each line added.
 *
 * <p>Counted: 14,242 of 19,743 messages stand on several lines, in 1,111 of them with other records between; in 2,491 the
 * output grows from line to line, and the last line always has the most. Summing the lines over-counts output 2.3 times.
 */
final class UsageLedger {
    /** Messages whose lines may be interleaved; more than run at once by far. */
    private static final int OPEN_MESSAGES = 256;

    private final RecentMap<TokenUsage> told = new RecentMap<>(OPEN_MESSAGES);

    /** What this line's usage adds to what the lines of the same message said before. */
    TokenUsage increment(String messageId, JsonObject usage) {
        TokenUsage now = new TokenUsage(
                usage.longOr("input_tokens", 0),
                usage.longOr("cache_creation_input_tokens", 0),
                usage.longOr("cache_read_input_tokens", 0),
                usage.longOr("output_tokens", 0));
        if (messageId.isEmpty()) {
            return now;
        }
        TokenUsage before = told.getOrDefault(messageId, TokenUsage.NONE);
        told.renew(messageId, now);
        return now.minus(before);
    }
}
