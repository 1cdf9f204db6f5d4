package dev.kept.provider;

/** Something a record says about its session rather than in the conversation. The last one of a kind counts. */
public sealed interface SessionFact {

    /** The session's id, for a source whose path does not tell it. */
    record Identity(String sessionId) implements SessionFact {}

    /** A title; of two the one whose origin comes first in {@link Origin} counts, of two of one origin the later. */
    record Title(String text, Origin origin) implements SessionFact {
        /** Where a title comes from. */
        public enum Origin {
            /** A person gave it in the agent. */
            PERSON,
            /** The agent made it. */
            AGENT,
            /** The heading of the plan that the conversation began with. */
            PLAN,
            /** The command that the conversation began with: counts only until a person says something. */
            COMMAND
        }

        /**
         * A title of a person's or of the agent's.
         *
         * @param custom true for a person's
         */
        public Title(String text, boolean custom) {
            this(text, custom ? Origin.PERSON : Origin.AGENT);
        }
    }

    /** The folder the agent works in. */
    record WorkingDirectory(String path) implements SessionFact {}

    record GitBranch(String name) implements SessionFact {}

    /** The version of the agent that wrote the record. */
    record ClientVersion(String version) implements SessionFact {}

    record Model(String name) implements SessionFact {}

    /** The session whose records this one began with. */
    record ForkedFrom(String sessionId) implements SessionFact {}
}
