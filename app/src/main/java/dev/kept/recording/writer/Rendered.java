package dev.kept.recording.writer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Rendered text to be appended to a recording.
 *
 * @param text may be empty; else whole lines, and encodable in UTF-8
 * @param assets the files that the text links to; to be written before it
 */
public record Rendered(String text, List<Asset> assets) {
    /** Nothing to append. */
    public static final Rendered NOTHING = new Rendered("", List.of());

    public Rendered {
        Objects.requireNonNull(text, "text");
        assets = List.copyOf(assets);
    }

    /** Returns text without assets. */
    public static Rendered of(String text) {
        return new Rendered(text, List.of());
    }

    /** Returns this text, followed by another. */
    public Rendered plus(Rendered next) {
        List<Asset> both = new ArrayList<>(assets);
        both.addAll(next.assets);
        return new Rendered(text + next.text, both);
    }

    /** Returns this text for events that were read from another tape than the main branch's. */
    public Rendered on(Path tape) {
        return new Rendered(text, assets.stream().map(asset -> asset.on(tape)).toList());
    }

    /** Returns the number of characters that it holds in memory, including texts for files beside the note. */
    public long heldChars() {
        return text.length() + assets.stream().mapToLong(Asset::heldChars).sum();
    }
}
