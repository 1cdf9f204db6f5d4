package dev.kept.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The format of a home: one number for all forms on disk, in {@code tapes/format}. A home without it was made by a
 * version before 0.2 and has format 1. It rises when an older version of Kept could misread or damage what is there;
 * each version reads its own format and the one before.
 */
public final class HomeFormat {
    /** The format that this version writes. */
    public static final int CURRENT = 1;

    /** A file that is longer holds no number of ours. */
    private static final int MOST_BYTES = 16;

    private HomeFormat() {}

    /**
     * Refuses a home of a newer format, before anything in it is read or changed.
     *
     * @throws ConfigException with the remedy, if the format is newer or is no number
     */
    public static void check(KeptHome home) throws IOException, ConfigException {
        Path file = home.formatFile();
        try {
            String text = Files.size(file) > MOST_BYTES ? "" : Files.readString(file, StandardCharsets.US_ASCII);
            if (Integer.parseInt(text.strip()) > CURRENT) {
                throw new ConfigException(
                        file,
                        "this home was written by a newer version of Kept (format " + text.strip()
                                + ", and this version reads " + CURRENT + ")",
                        "install the newer version again; nothing was changed");
            }
        } catch (NoSuchFileException older) {
            // Format 1, or no home yet.
        } catch (NumberFormatException damaged) {
            throw new ConfigException(
                    file,
                    "the format of this home is not a number",
                    "if no newer version of Kept was ever used here, write " + CURRENT + " into it");
        }
    }

    /** Writes the current format where a home has none. */
    public static void write(KeptHome home) throws IOException {
        if (Files.notExists(home.formatFile())) {
            PrivateFiles.replace(home.formatFile(), CURRENT + "\n");
        }
    }
}
