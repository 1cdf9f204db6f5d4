package dev.kept.recording.writer;

import dev.kept.config.RecordingSettings.Images;
import dev.kept.model.TapeReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The attachments of one part of a note: images, documents, and texts that are too long for it. Collects the files as
 * it creates the links to them. Not thread-safe.
 */
final class Attachments {
    static final String TEXT = "text/plain";

    private final String fileName;
    private final RecordingStyle style;
    private final List<TapeReference> references;
    private final List<Asset> assets = new ArrayList<>();

    /**
     * Creates the attachments of one event.
     *
     * @param references those of the event
     */
    Attachments(String fileName, RecordingStyle style, List<TapeReference> references) {
        this.fileName = fileName;
        this.style = style;
        this.references = references;
    }

    List<Asset> assets() {
        return assets;
    }

    /** Returns the number of images and documents; texts do not count. */
    int media() {
        return (int) references.stream().filter(each -> !isText(each)).count();
    }

    private static boolean isText(TapeReference reference) {
        return reference.mediaType().equals(TEXT) && reference.file().isEmpty();
    }

    /**
     * Returns a tool's text in a fence. Of a text that is too long for the note, the fence has the beginning and the
     * end, and a link to the whole follows. A text that was too long for memory has its link in {@link #links()}.
     */
    String fenced(String text, String language) {
        int limit = style.markdown().toolTextLimit();
        String fence = MarkdownText.fenced(TextEscapes.shortened(text, limit), language);
        boolean whole = text.length() <= limit;
        if (whole || references.stream().anyMatch(Attachments::isText)) {
            return fence;
        }
        Asset asset = Asset.of(text, fileName);
        assets.add(asset);
        return fence + "\n" + link("The whole text, " + grouped(text.length()) + " characters", asset);
    }

    /** Returns links to the files that the event refers to, each after a blank line; empty without any. */
    String links() {
        StringBuilder out = new StringBuilder();
        for (TapeReference reference : references) {
            String bytes = grouped(reference.length()) + " bytes";
            if (reference.file().isPresent()) {
                Asset asset = Asset.ofFile(reference, style.secrets(), fileName);
                assets.add(asset);
                String whole = "The whole text" + (reference.length() == 0 ? "" : ", " + bytes);
                out.append('\n')
                        .append(link(whole, asset).stripTrailing())
                        .append(", which the agent keeps as ")
                        .append(MarkdownText.code(reference.file().get(), 200))
                        .append('\n');
            } else if (isText(reference)) {
                Asset asset = Asset.of(reference, style.secrets(), fileName);
                assets.add(asset);
                out.append('\n').append(link("The whole text, " + bytes, asset));
            } else {
                out.append(medium(reference, bytes));
            }
        }
        return out.toString();
    }

    private String medium(TapeReference reference, String bytes) {
        Images images = style.markdown().images();
        return switch (images) {
            case COPY -> {
                Asset asset = Asset.of(reference, style.secrets(), fileName);
                assets.add(asset);
                boolean image = reference.mediaType().startsWith("image/");
                yield image
                        ? "\n!" + link(reference.mediaType(), asset)
                        : "\n" + link(reference.mediaType() + ", " + bytes, asset);
            }
            case LINK ->
                "\n*" + MarkdownText.inline(reference.mediaType()) + ", " + bytes + ", on the tape: generation "
                        + reference.generation() + ", byte " + reference.offset() + "*\n";
            case NONE -> "";
        };
    }

    private static String link(String words, Asset asset) {
        return "[" + MarkdownText.inline(words) + "](" + MarkdownText.linkTarget(asset.relativePath()) + ")\n";
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
