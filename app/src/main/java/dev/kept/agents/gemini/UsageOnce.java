package dev.kept.agents.gemini;

import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.ModelCall;
import dev.kept.model.TokenUsage;

/** The model, and the tokens of one message, which the first event of the record that has them carries. */
final class UsageOnce {
    private final String messageId;
    private final String model;
    private TokenUsage left;

    UsageOnce(String messageId, String model, TokenUsage left) {
        this.messageId = messageId;
        this.model = model;
        this.left = left;
    }

    /**
     * Tokens as counted here. The API counts cached tokens among the input, and thoughts beside the output (seen: total is
     * the sum of input, output and thoughts).
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

    ModelCall take() {
        ModelCall call = new ModelCall(messageId, model, left);
        left = TokenUsage.NONE;
        return call;
    }
}
