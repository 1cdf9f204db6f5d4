package dev.kept.provider;

import dev.kept.text.SafeId;

/**
 * Something a record says about its session rather than in the conversation. The last one of a kind counts. Ids are in the
 * form of {@link SafeId}.
 */
public sealed interface SessionFact {

    /** The session's id, for a source whose path does not tell it. */
    record Identity(String sessionId) implements SessionFact {
        public Identity {
            sessionId = SafeId.of(sessionId);
        }
    }

    /** A title; a person's own goes before a generated one. */
    record Title(String text, boolean custom) implements SessionFact {}

    /** The folder the agent works in. */
    record WorkingDirectory(String path) implements SessionFact {}

    record GitBranch(String name) implements SessionFact {}

    /** The version of the agent that wrote the record. */
    record ClientVersion(String version) implements SessionFact {}

    record Model(String name) implements SessionFact {}

    /** The session whose records this one began with. */
    record ForkedFrom(String sessionId) implements SessionFact {
        public ForkedFrom {
            sessionId = SafeId.of(sessionId);
        }
    }
}
