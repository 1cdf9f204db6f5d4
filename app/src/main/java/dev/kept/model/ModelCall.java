package dev.kept.model;

import java.util.Objects;

/**
 * The API message to which a part of an answer belongs.
 *
 * @param messageId the provider's id of the message; empty if it has none
 * @param model the model's name as the provider wrote it; empty if it wrote none
 * @param usage the increment of the message's usage by this event's record; {@link TokenUsage#NONE} if none
 */
public record ModelCall(String messageId, String model, TokenUsage usage) {
    public static final ModelCall UNKNOWN = new ModelCall("", "", TokenUsage.NONE);

    public ModelCall {
        Objects.requireNonNull(messageId, "messageId");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(usage, "usage");
    }
}
