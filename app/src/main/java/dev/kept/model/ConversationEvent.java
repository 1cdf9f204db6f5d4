package dev.kept.model;

import dev.kept.text.SafeId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An event of a conversation, in a form that is the same for all agents.
 *
 * <p>Immutable. Texts over 256 KiB are cut to their beginning, and the event's first reference of media type {@code
 * text/plain} points to the whole text.
 */
public sealed interface ConversationEvent {

    EventHeader header();

    /** Returns the public name of the kind, e.g. {@code user.message}; stable, used in JSONL and in messages. */
    default String kind() {
        return switch (this) {
            case UserMessage _ -> "user.message";
            case UserCommand _ -> "user.command";
            case UserDecision _ -> "user.decision";
            case AssistantMessage _ -> "assistant.message";
            case AssistantThinking _ -> "assistant.thinking";
            case AssistantDecision _ -> "assistant.decision";
            case ToolCall _ -> "tool.call";
            case ToolResult _ -> "tool.result";
            case SystemMessage _ -> "system.message";
            case ProviderInfo _ -> "provider.info";
            case ProviderRaw _ -> "provider.raw";
        };
    }

    /** A message to the agent; a person's only if {@link EventHeader#authorship()} says so. */
    record UserMessage(EventHeader header, String text, List<TapeReference> references) implements ConversationEvent {
        public UserMessage {
            Objects.requireNonNull(header, "header");
            Objects.requireNonNull(text, "text");
            references = List.copyOf(references);
        }
    }

    /** A command of the agent's own that a person ran: {@code /compact}, or a shell command after {@code !}. */
    record UserCommand(EventHeader header, String name, String arguments) implements ConversationEvent {
        public UserCommand {
            Objects.requireNonNull(header, "header");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(arguments, "arguments");
        }
    }

    /**
     * A person's answer to a question of the agent.
     *
     * @param decisionId the id of the {@link AssistantDecision} that it answers
     */
    record UserDecision(EventHeader header, String decisionId, Outcome outcome, String text)
            implements ConversationEvent {
        /** The outcome of a decision. */
        public enum Outcome {
            ACCEPTED,
            REJECTED,
            ANSWERED
        }

        public UserDecision {
            Objects.requireNonNull(header, "header");
            Objects.requireNonNull(decisionId, "decisionId");
            Objects.requireNonNull(outcome, "outcome");
            Objects.requireNonNull(text, "text");
        }
    }

    /** The text of an answer. */
    record AssistantMessage(EventHeader header, String text, ModelCall call, List<TapeReference> references)
            implements ConversationEvent {
        public AssistantMessage {
            Objects.requireNonNull(header, "header");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(call, "call");
            references = List.copyOf(references);
        }
    }

    /** Reasoning of the model; the text is empty if the provider encrypted it. */
    record AssistantThinking(EventHeader header, String text, ModelCall call, List<TapeReference> references)
            implements ConversationEvent {
        public AssistantThinking {
            Objects.requireNonNull(header, "header");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(call, "call");
            references = List.copyOf(references);
        }
    }

    /**
     * A question or a plan that the agent presents to a person for a decision.
     *
     * @param decisionId the id of the tool call that asks
     */
    record AssistantDecision(EventHeader header, String decisionId, String text, ModelCall call)
            implements ConversationEvent {
        public AssistantDecision {
            Objects.requireNonNull(header, "header");
            Objects.requireNonNull(decisionId, "decisionId");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(call, "call");
        }
    }

    /**
     * A tool call of the agent.
     *
     * @param callId the id to which its {@link ToolResult} refers
     * @param input the tool's arguments, as JSON text
     */
    record ToolCall(
            EventHeader header,
            String callId,
            String name,
            String input,
            ModelCall call,
            List<TapeReference> references)
            implements ConversationEvent {
        public ToolCall {
            Objects.requireNonNull(header, "header");
            Objects.requireNonNull(callId, "callId");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(input, "input");
            Objects.requireNonNull(call, "call");
            references = List.copyOf(references);
        }

        /**
         * Returns the id of the event for the same call with less of its input; empty for the first event of a call:
         * see {@link EventHeader#earlierWording}.
         */
        public Optional<String> replaces() {
            Optional<String> before = header.earlierWording();
            int end = header.eventId().lastIndexOf('~');
            return callId.isEmpty()
                            || end < 0
                            || !header.eventId().substring(0, end).endsWith("/" + callId)
                    ? Optional.empty()
                    : before;
        }
    }

    /**
     * The result of a tool.
     *
     * @param subagent the branch of the subagent that did the work, if the call started one and waited for it
     */
    record ToolResult(
            EventHeader header,
            String callId,
            String text,
            boolean error,
            List<TapeReference> references,
            Optional<String> subagent)
            implements ConversationEvent {
        /** Creates the result of a call that started no subagent. */
        public ToolResult(
                EventHeader header, String callId, String text, boolean error, List<TapeReference> references) {
            this(header, callId, text, error, references, Optional.empty());
        }

        /** Returns this result with the branch of the subagent that did the work. */
        public ToolResult withSubagent(String line) {
            return new ToolResult(header, callId, text, error, references, Optional.of(line));
        }

        /** Returns this result without a subagent. */
        public ToolResult withoutSubagent() {
            return new ToolResult(header, callId, text, error, references);
        }

        public ToolResult {
            subagent = subagent.map(SafeId::of);
            Objects.requireNonNull(header, "header");
            Objects.requireNonNull(callId, "callId");
            Objects.requireNonNull(text, "text");
            references = List.copyOf(references);
        }
    }

    /**
     * Text that the agent added to the conversation itself: a reminder, a summary, an interruption, an API error.
     *
     * @param subagent the branch of the subagent whose background work ended, if the text reports that
     */
    record SystemMessage(EventHeader header, String subtype, String text, Optional<String> subagent)
            implements ConversationEvent {
        public SystemMessage(EventHeader header, String subtype, String text) {
            this(header, subtype, text, Optional.empty());
        }

        public SystemMessage {
            subagent = subagent.map(SafeId::of);
            Objects.requireNonNull(header, "header");
            Objects.requireNonNull(subtype, "subtype");
            Objects.requireNonNull(text, "text");
        }
    }

    /**
     * A fact about the session that the agent recorded beside the conversation.
     *
     * @param call the usage, if the agent reports it in records of its own; else {@link ModelCall#UNKNOWN}
     */
    record ProviderInfo(EventHeader header, String subtype, String text, ModelCall call) implements ConversationEvent {
        /**
         * The subtype of an event before a prompt that continues a branch which seemed abandoned. Nobody went back: its
         * text is the id of the event that reported a rewind.
         */
        public static final String BRANCH_CONTINUES = "branch_goes_on";

        public ProviderInfo {
            Objects.requireNonNull(header, "header");
            Objects.requireNonNull(subtype, "subtype");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(call, "call");
        }

        public ProviderInfo(EventHeader header, String subtype, String text) {
            this(header, subtype, text, ModelCall.UNKNOWN);
        }

        /** Returns the id of the event that reported a rewind, if this event revokes it. */
        public Optional<String> refutes() {
            return subtype.equals(BRANCH_CONTINUES) && text.endsWith("/rewind") ? Optional.of(text) : Optional.empty();
        }
    }

    /** A record that Kept does not understand: it is on the tape, is counted and shown. */
    record ProviderRaw(EventHeader header, String reason) implements ConversationEvent {
        public ProviderRaw {
            Objects.requireNonNull(header, "header");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
