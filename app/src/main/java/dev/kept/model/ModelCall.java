package dev.kept.model;

import java.util.Objects;

/**
 * The API message that a part of an answer belongs to.
 *
 * @param messageId the provider's id of the message; empty where it has none
 * @param model the model's name as the provider wrote it; empty where it wrote none
 * @param usage what this event's record added to the message's usage; {@link TokenUsage#NONE} for nothing
 */
public record ModelCall(String messageId, String model, TokenUsage usage) {
    public static final ModelCall UNKNOWN = new ModelCall("", "", TokenUsage.NONE);

    public ModelCall {
        Objects.requireNonNull(messageId, "messageId");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(usage, "usage");
    }
}
