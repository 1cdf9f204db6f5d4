package dev.kept.model;

import dev.kept.text.SafeId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One thing that happened in a conversation, in a form that is the same for all agents.
 *
 * <p>Immutable. TextEscapes over 256 KiB are cut to their beginning, and the event's first reference of media type {@code
 * text/plain} points at the whole.
 */
public sealed interface ConversationEvent {

    EventHeader header();

    /** The kind's public name, e.g. {@code user.message}; stable, used in JSONL and in messages. */
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

    /** What was said to the agent; by a person only where {@link EventHeader#authorship()} says so. */
    record UserMessage(EventHeader header, String text, List<TapeReference> references) implements ConversationEvent {
        public UserMessage {
            Objects.requireNonNull(header, "header");
            Objects.requireNonNull(text, "text");
            references = List.copyOf(references);
        }
    }

    /** A command of the agent's own that a person ran: {@code /compact}, or a shell line behind {@code !}. */
    record UserCommand(EventHeader header, String name, String arguments) implements ConversationEvent {
        public UserCommand {
            Objects.requireNonNull(header, "header");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(arguments, "arguments");
        }
    }

    /**
     * A person's answer to something the agent asked.
     *
     * @param decisionId the same as that of the {@link AssistantDecision} it answers
     */
    record UserDecision(EventHeader header, String decisionId, Outcome outcome, String text)
            implements ConversationEvent {
        /** How a person answered. */
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

    /** Text of an answer. */
    record AssistantMessage(EventHeader header, String text, ModelCall call, List<TapeReference> references)
            implements ConversationEvent {
        public AssistantMessage {
            Objects.requireNonNull(header, "header");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(call, "call");
            references = List.copyOf(references);
        }
    }

    /** What the model wrote to itself; the text is empty where the provider kept it encrypted. */
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
     * Something the agent asks a person to decide: a question, a plan.
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
     * A tool the agent runs.
     *
     * @param callId what its {@link ToolResult} names
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
         * Returns the id of the event that told the same call before, with less of its input; empty for a call that is told
         * first: see {@link EventHeader#earlierWording}.
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
     * What a tool gave back.
     *
     * @param subagent the line of the subagent that did the work, where the call started one and waited for it
     */
    record ToolResult(
            EventHeader header,
            String callId,
            String text,
            boolean error,
            List<TapeReference> references,
            Optional<String> subagent)
            implements ConversationEvent {
        /** Of a call that started no subagent. */
        public ToolResult(
                EventHeader header, String callId, String text, boolean error, List<TapeReference> references) {
            this(header, callId, text, error, references, Optional.empty());
        }

        /** The same, with the line of the subagent that did the work. */
        public ToolResult doneBy(String line) {
            return new ToolResult(header, callId, text, error, references, Optional.of(line));
        }

        /** The same, without a subagent. */
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
     * Text that the agent put into the conversation by itself: a reminder, a summary, an interruption, an API error.
     *
     * @param subagent the line whose work in the background ended, where the text tells that it did
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
     * A fact about the session that the agent wrote down beside the conversation.
     *
     * @param call what was used, where the agent tells usage in records of its own; else {@link ModelCall#UNKNOWN}
     */
    record ProviderInfo(EventHeader header, String subtype, String text, ModelCall call) implements ConversationEvent {
        /**
         * The subtype of an event before a prompt that continues a branch which seemed to be left: nobody went back,
         * and its text is the id of the event that said so.
         */
        public static final String BRANCH_GOES_ON = "branch_goes_on";

        public ProviderInfo {
            Objects.requireNonNull(header, "header");
            Objects.requireNonNull(subtype, "subtype");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(call, "call");
        }

        public ProviderInfo(EventHeader header, String subtype, String text) {
            this(header, subtype, text, ModelCall.UNKNOWN);
        }

        /** Returns the id of the event that said that somebody went back, where this one says that nobody did. */
        public Optional<String> refutes() {
            return subtype.equals(BRANCH_GOES_ON) && text.endsWith("/rewind") ? Optional.of(text) : Optional.empty();
        }
    }

    /** A record that Kept does not understand: it stands on the tape, is counted and shown. */
    record ProviderRaw(EventHeader header, String reason) implements ConversationEvent {
        public ProviderRaw {
            Objects.requireNonNull(header, "header");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
