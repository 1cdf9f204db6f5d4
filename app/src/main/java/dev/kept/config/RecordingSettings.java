package dev.kept.config;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Settings of the form of an agent's recordings, and of the place of generated ones. {@link Settings} explains each
 * value for people.
 *
 * @param systemEvents whether text that the agent's program added to the conversation is shown
 * @param userName the heading over the person's prompts
 * @param timeZone the zone of the times in headings and file names
 * @param fileName the template for the names of generated files
 * @param directory their directory; an existing directory inside those that may be written, or empty for the default
 *     one
 * @param toolResultMaxChars length in characters above which inputs and results of tools are shortened
 * @param keepSecretsIn absolute globs of the destinations in which secrets are not redacted
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

    /** The amount of the model's thinking that is shown. */
    public enum Thinking {
        FULL,
        FOLDED,
        NONE
    }

    /** The amount of tool calls and their results that is shown. */
    public enum Tools {
        /** All of it, expanded. */
        FULL,
        /** All of it, collapsed. */
        FOLDED,
        /** One line for each call; results only if they are errors. */
        NAMES,
        NONE
    }

    /** The place of the work of subagents. */
    public enum Subagents {
        /** Collapsed, below the call that started it. */
        FOLD,
        /** Among the rest, in the order of events. */
        INLINE,
        OMIT
    }

    /** The treatment of images and documents. */
    public enum Images {
        /** A file beside the note, and a link to it. */
        COPY,
        /** A line that says what it was and where on the tape it is. */
        LINK,
        NONE
    }

    /** The treatment of images that a message names by an address: opening the note would fetch them. */
    public enum RemoteImages {
        /** A link, which loads nothing until somebody follows it. */
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
