package dev.kept.recording.writer;

import dev.kept.config.RecordingSettings;
import dev.kept.config.RecordingSettings.Images;
import dev.kept.config.RecordingSettings.RemoteImages;
import dev.kept.config.RecordingSettings.Thinking;
import dev.kept.config.RecordingSettings.Tools;
import java.time.ZoneId;
import java.util.Objects;

/**
 * Options of a conversation's Markdown.
 *
 * @param userName the person's name in headings
 * @param zone the time zone of the times in headings
 * @param thinking the form of the model's thinking
 * @param systemEvents whether text that the agent's program put into the conversation is shown, collapsed
 * @param tools the form of tool calls and their results
 * @param images the treatment of images and documents
 * @param remoteImages the treatment of images that a message only refers to
 * @param toolTextLimit limit for the characters of one tool input or result; of a longer one the middle is left out,
 *     and the whole is a file beside the note
 */
public record MarkdownOptions(
        String userName,
        ZoneId zone,
        Thinking thinking,
        boolean systemEvents,
        Tools tools,
        Images images,
        RemoteImages remoteImages,
        int toolTextLimit) {
    /** The smallest {@code toolTextLimit}. */
    public static final int MIN_TOOL_TEXT_LIMIT = 200;

    public MarkdownOptions {
        Objects.requireNonNull(userName, "userName");
        Objects.requireNonNull(zone, "zone");
        Objects.requireNonNull(thinking, "thinking");
        Objects.requireNonNull(tools, "tools");
        Objects.requireNonNull(images, "images");
        Objects.requireNonNull(remoteImages, "remoteImages");
        if (toolTextLimit < MIN_TOOL_TEXT_LIMIT) {
            throw new IllegalArgumentException(
                    "toolTextLimit is " + toolTextLimit + "; at least " + MIN_TOOL_TEXT_LIMIT + " is needed");
        }
    }

    /** Creates options that turn remote images into links. */
    public MarkdownOptions(
            String userName,
            ZoneId zone,
            Thinking thinking,
            boolean systemEvents,
            Tools tools,
            Images images,
            int toolTextLimit) {
        this(userName, zone, thinking, systemEvents, tools, images, RemoteImages.LINK, toolTextLimit);
    }

    /** Returns the options that the owner configured. */
    public static MarkdownOptions of(RecordingSettings settings) {
        return new MarkdownOptions(
                settings.userName(),
                settings.timeZone(),
                settings.thinking(),
                settings.systemEvents(),
                settings.toolCalls(),
                settings.images(),
                settings.remoteImages(),
                settings.toolResultMaxChars());
    }

    /** Returns the default options. The zone has no default: a note must not depend on the machine that writes it. */
    public static MarkdownOptions defaults(ZoneId zone) {
        return new MarkdownOptions("You", zone, Thinking.NONE, false, Tools.FOLDED, Images.COPY, 8_000);
    }
}
