package dev.kept.agents.gemini;

import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.ModelCall;
import dev.kept.model.TokenUsage;

/** The model and the tokens of one message. The first event of the record carries the tokens. */
final class MessageUsage {
    private final String messageId;
    private final String model;
    private TokenUsage left;

    MessageUsage(String messageId, String model, TokenUsage left) {
        this.messageId = messageId;
        this.model = model;
        this.left = left;
    }

    /**
     * Returns the usage of a message in Kept's terms. The API counts cached tokens as input, and thoughts apart from
     * output (seen: total is the sum of input, output and thoughts).
     */
    static TokenUsage of(JsonObject tokens) {
        long cached = tokens.longOr("cached", 0);
        return new TokenUsage(
                Math.max(0, tokens.longOr("input", 0) - cached) + tokens.longOr("tool", 0),
                0,
                cached,
                tokens.longOr("output", 0) + tokens.longOr("thoughts", 0));
    }

    boolean isLeft() {
        return !left.isNone();
    }

    ModelCall next() {
        ModelCall call = new ModelCall(messageId, model, left);
        left = TokenUsage.NONE;
        return call;
    }
}
