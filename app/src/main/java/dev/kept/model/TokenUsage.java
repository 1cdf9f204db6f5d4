package dev.kept.model;

/**
 * Tokens as counted by the provider. An event carries the amount by which its record raised the usage of its API
 * message, since providers repeat a growing figure in every record of a message. So the sum over all events is the
 * total usage.
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
