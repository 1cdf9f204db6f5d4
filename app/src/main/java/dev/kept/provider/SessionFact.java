package dev.kept.provider;

import dev.kept.model.BoundedText;
import dev.kept.text.SafeId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Something a record says about its session rather than in the conversation. The last one of a kind counts.
 *
 * <p>Facts outlive their record, so their text is limited when they are made, and ids are in the form of {@link SafeId}; the
 * full text is on the tape.
 */
public sealed interface SessionFact {
    /** Longest text of a {@link #brief} fact, in characters. */
    int BRIEF = 64;

    /** Returns the fact for a place where long texts have no room: names are shortened, a long path is unknown. */
    default SessionFact brief() {
        return switch (this) {
            case Title(var text, var origin) -> new Title(BoundedText.shortened(text, BRIEF), origin);
            case WorkingDirectory(var path) -> path.length() > BRIEF ? new WorkingDirectory("") : this;
            case GitBranch(var name) -> new GitBranch(BoundedText.shortened(name, BRIEF));
            case ClientVersion(var version) -> new ClientVersion(BoundedText.shortened(version, BRIEF));
            case Model(var name) -> new Model(BoundedText.shortened(name, BRIEF));
            case Identity _, ChildOf _, ForkedFrom _ -> this;
        };
    }

    /** The session whose conversation a source holds, or whose part its path says it is; in the form of {@link SafeId}. */
    record Identity(String sessionId) implements SessionFact {
        public Identity {
            sessionId = SafeId.of(sessionId);
        }
    }

    /**
     * The session that the source of a subagent belongs to, where the subagent has a session id of its own. Ids are in the
     * form of {@link SafeId}.
     *
     * @param sessionId the one whose agent began it, which may be a subagent, too
     * @param line its own id, which names its line
     */
    record ChildOf(String sessionId, String line) implements SessionFact {
        public ChildOf {
            sessionId = SafeId.of(sessionId);
            line = SafeId.of(line);
        }
    }

    /**
     * A title; of two the one whose origin comes first in {@link Origin} counts, of two of one origin the later. One that is too
     * long ends with {@code …}.
     */
    record Title(String text, Origin origin) implements SessionFact {
        /** The source of a title. */
        public enum Origin {
            /** A person gave it in the agent. */
            PERSON,
            /** The agent made it. */
            AGENT,
            /** The heading of the plan that the conversation began with. */
            PLAN,
            /** The first words: as a fact, of a conversation that was taken over; it counts until a person says something. */
            WORDS,
            /** The command that the conversation began with: counts only until a person says something. */
            COMMAND;

            /** The name in JSON. */
            public String publicName() {
                return name().toLowerCase(Locale.ROOT);
            }

            /** The origin of that name. */
            public static Optional<Origin> of(String publicName) {
                return Arrays.stream(values())
                        .filter(origin -> origin.publicName().equals(publicName))
                        .findFirst();
            }
        }

        public Title {
            text = BoundedText.shortened(text, BoundedText.MAX_TITLE);
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

    /**
     * The folder the agent works in.
     *
     * @param path empty, which means unknown, where the record names more than {@link BoundedText#MAX_PATH} characters: a
     *     shortened path would name another folder
     */
    record WorkingDirectory(String path) implements SessionFact {
        public WorkingDirectory {
            path = path.length() > BoundedText.MAX_PATH ? "" : path;
        }
    }

    /** The branch that is checked out there. One whose name is too long ends with {@code …}. */
    record GitBranch(String name) implements SessionFact {
        public GitBranch {
            name = BoundedText.shortened(name, BoundedText.MAX_NAME);
        }
    }

    /** The version of the agent that wrote the record. One that is too long ends with {@code …}. */
    record ClientVersion(String version) implements SessionFact {
        public ClientVersion {
            version = BoundedText.shortened(version, BoundedText.MAX_NAME);
        }
    }

    /** The model that answered. One whose name is too long ends with {@code …}. */
    record Model(String name) implements SessionFact {
        public Model {
            name = BoundedText.shortened(name, BoundedText.MAX_NAME);
        }
    }

    /** The session whose records this one began with; its id is in the form of {@link SafeId}. */
    record ForkedFrom(String sessionId) implements SessionFact {
        public ForkedFrom {
            sessionId = SafeId.of(sessionId);
        }
    }
}
