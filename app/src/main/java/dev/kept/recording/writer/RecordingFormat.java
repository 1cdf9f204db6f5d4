package dev.kept.recording.writer;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The file formats of a conversation. The suffix of a destination selects one. */
public enum RecordingFormat {
    MARKDOWN(".md"),
    JSONL(".jsonl");

    private final String suffix;

    RecordingFormat(String suffix) {
        this.suffix = suffix;
    }

    /** Returns the suffix of its files, with the dot. */
    public String suffix() {
        return suffix;
    }

    /** Returns the format that a file's name selects, in any case; empty for other suffixes and for none. */
    public static Optional<RecordingFormat> of(Path file) {
        String name = fileName(file).toLowerCase(Locale.ROOT);
        for (RecordingFormat format : values()) {
            if (name.endsWith(format.suffix) && name.length() > format.suffix.length()) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /** Returns the last component of a path; empty for a root. */
    public static String fileName(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString();
    }
}
