package dev.kept.model;

/**
 * Tokens as the provider counted them. An event carries what its record added to its API message, so that the sum over
 * events is what was used: providers repeat and grow the same figure on every record of one message.
 *
 * @param input tokens read, not from a cache
 * @param cacheCreation tokens written to the provider's prompt cache
 * @param cacheRead tokens read from the provider's prompt cache
 * @param output tokens written
 */
public record TokenUsage(long input, long cacheCreation, long cacheRead, long output) {
    public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0);

    public TokenUsage plus(TokenUsage other) {
        return new TokenUsage(
                input + other.input,
                cacheCreation + other.cacheCreation,
                cacheRead + other.cacheRead,
                output + other.output);
    }

    public TokenUsage minus(TokenUsage other) {
        return new TokenUsage(
                input - other.input,
                cacheCreation - other.cacheCreation,
                cacheRead - other.cacheRead,
                output - other.output);
    }

    public boolean isNone() {
        return equals(NONE);
    }
}
