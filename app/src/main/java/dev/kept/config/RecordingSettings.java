package dev.kept.config;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the recordings of an agent's sessions look like, and where generated ones go. {@link Settings} says what each value
 * means to people.
 *
 * @param systemEvents whether what the agent's program put into the conversation is shown
 * @param userName the heading over what the person said
 * @param timeZone the zone of the times in headings and file names
 * @param fileName how generated files are named
 * @param directory where they go; an existing directory inside those that may be written, or empty for the usual one
 * @param toolResultMaxChars longer inputs and results of tools are shortened, in characters
 * @param keepSecretsIn absolute globs of the destinations in which secrets stay as they were said
 */
public record RecordingSettings(
        Thinking thinking,
        Tools toolCalls,
        boolean systemEvents,
        Subagents subagents,
        Images images,
        RemoteImages remoteImages,
        String userName,
        ZoneId timeZone,
        FileNameTemplate fileName,
        Optional<Path> directory,
        int toolResultMaxChars,
        List<String> keepSecretsIn) {

    /** How much is shown of what the model wrote to itself. */
    public enum Thinking {
        FULL,
        FOLDED,
        NONE
    }

    /** How much is shown of tool calls and their results. */
    public enum Tools {
        /** All of it, open. */
        FULL,
        /** All of it, folded. */
        FOLDED,
        /** A line a call; results only where they are errors. */
        NAMES,
        NONE
    }

    /** Where the work of subagents goes. */
    public enum Subagents {
        /** Folded, below the call that started it. */
        FOLD,
        /** Among the rest, in the order of events. */
        INLINE,
        OMIT
    }

    /** What becomes of images and documents. */
    public enum Images {
        /** A file beside the note, and a link to it. */
        COPY,
        /** A line that says what it was and where on the tape it stands. */
        LINK,
        NONE
    }

    /** Images that a message names by an address: opening the note would fetch them. */
    public enum RemoteImages {
        /** A link, which is followed when somebody follows it. */
        LINK,
        /** An image, as the message has it. */
        KEEP
    }

    public RecordingSettings {
        Objects.requireNonNull(thinking, "thinking");
        Objects.requireNonNull(toolCalls, "toolCalls");
        Objects.requireNonNull(subagents, "subagents");
        Objects.requireNonNull(images, "images");
        Objects.requireNonNull(remoteImages, "remoteImages");
        Objects.requireNonNull(userName, "userName");
        Objects.requireNonNull(timeZone, "timeZone");
        Objects.requireNonNull(fileName, "fileName");
        Objects.requireNonNull(directory, "directory");
        keepSecretsIn = List.copyOf(keepSecretsIn);
    }
}
