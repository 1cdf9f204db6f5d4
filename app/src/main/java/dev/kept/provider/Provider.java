package dev.kept.provider;

import dev.kept.json.JsonValue.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An agent that writes session files: where they live, and how to read them. Stateless and thread-safe.
 *
 * <p>CONTRIBUTING.md, "Adding a provider", lists what a new one needs.
 */
public interface Provider {
    /** A longer note is not read. */
    int MAX_NOTE_BYTES = 64 * 1024;

    /** The short name used in ids, paths and configuration: lower-case letters. */
    String name();

    /** The name that people know, used as the speaker in recordings. */
    String displayName();

    /**
     * Where this agent may keep its files, most specific first. A root need not exist.
     *
     * @param home the person's home directory
     * @param environment the environment variables to look at
     */
    List<Path> roots(Path home, Map<String, String> environment);

    /** The folders below a root that hold session files at any depth, relative to the root. */
    List<Path> sessionFolders();

    /**
     * What a file is, by its path alone.
     *
     * @param relative the path relative to the root
     */
    SourceKind recognize(Path relative);

    /**
     * Files below the root that tell where the agent works on a source, most telling first; none for an agent whose
     * records tell it. They are read when the source is found, up to {@value #MAX_NOTE_BYTES} bytes each.
     *
     * @param relative the source's path relative to the root
     */
    default List<Path> notes(Path relative) {
        return List.of();
    }

    /**
     * Where the agent works on a source.
     *
     * @param note one of its {@link #notes}
     * @param text what the note says
     */
    default Optional<String> workingDirectory(Path relative, Path note, String text) {
        return Optional.empty();
    }

    /**
     * Reports whether the path of a source is made of the folder that its agent works in, in a way that the folder
     * cannot be told from the path: for old sessions of which no note tells it any more.
     *
     * @param relative the source's path relative to the root
     * @param folder an absolute path that may be the folder
     */
    default boolean isMadeOf(Path relative, String folder) {
        return false;
    }

    /**
     * Files below the root, outside the session folders, in which the agent lists the names of its sessions, or their
     * folders: with the session folders all that the daemon may read of the root.
     */
    default List<Path> nameLists() {
        return List.of();
    }

    /**
     * Files below the root that may tell the name of a source's session, most telling first. They are read when the source
     * is found, and one that {@link #namedBy} knows when it changes; of a longer one the last {@value #MAX_NOTE_BYTES} bytes.
     *
     * @param relative the source's path relative to the root
     */
    default List<Path> nameNotes(Path relative) {
        return List.of();
    }

    /**
     * The source whose session a file names, where it names one alone.
     *
     * @param note a path relative to the root
     */
    default Optional<Path> namedBy(Path note) {
        return Optional.empty();
    }

    /**
     * The name of a source's session, and whether a person gave it or the agent.
     *
     * @param note one of its {@link #nameNotes}
     * @param text what the note says; of a longer one the end, which may begin anywhere
     */
    default Optional<SessionFact.Title> sessionName(Path relative, Path note, String text) {
        return Optional.empty();
    }

    /**
     * A name that a file keeps wherever below its root its agent moves it and however it packs it, so that it stays one
     * source with one tape; empty where the path is the only name.
     *
     * @param relative the path of a session file relative to the root
     */
    default Optional<String> lastingName(Path relative) {
        return Optional.empty();
    }

    /**
     * How long this agent leaves a session file alone before it deletes it, by its modification time; empty if it deletes
     * none, or that is not known. Reads the agent's settings below the root.
     */
    default Optional<Duration> purgesAfter(Path root) {
        return Optional.empty();
    }

    /** Returns the marks of a conversation that was handed over to another file; empty if the agent does no such thing. */
    default Optional<HandoverMarks> handovers() {
        return Optional.empty();
    }

    /**
     * Reports whether an object has what only a whole record of this agent has, and no object inside one: asked where a torn
     * record leaves open which of the two an object is.
     */
    boolean isRecord(JsonObject value);

    /** A new parser for one source, at the start of the source. */
    SessionParser parser(SourceKind.Session source);
}
