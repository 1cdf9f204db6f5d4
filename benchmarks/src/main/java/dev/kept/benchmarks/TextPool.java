package dev.kept.benchmarks;

import java.util.SplittableRandom;

/** A stretch of words, commas and line ends; the texts of a workload are slices of it. */
final class TextPool {
    private static final int CHARS = 1 << 18;
    private static final int SHORTEST = 12;
    private static final String[] WORDS =
            ("the session parser reads each line and keeps a cursor so that a restart can resume where it "
                            + "stopped writing function returns value error handler buffer stream watcher index "
                            + "recording snapshot memory budget eviction status daemon control queue policy writer "
                            + "markdown frontmatter configuration provider events offset byte newline commit branch "
                            + "test fixture assertion module import export async await promise iterator directory "
                            + "permission symlink canonical path root please check why this fails when file is "
                            + "truncated and then grows again before next poll I will look at implementation first "
                            + "then run tests and report what changed")
                    .split(" ");
    private static final String[] ACCENT = {"naïve", "déjà", "größe", "日本語", "→", "✓", "emoji😀", "über", "“quoted”"};

    private final String text;

    TextPool(SplittableRandom random, double nonAscii) {
        StringBuilder words = new StringBuilder(CHARS + 32);
        while (words.length() < CHARS) {
            String[] from = random.nextDouble() < nonAscii ? ACCENT : WORDS;
            words.append(from[random.nextInt(from.length)]).append(separator(random.nextDouble()));
        }
        text = words.toString();
    }

    private static String separator(double drawn) {
        if (drawn < 0.03) {
            return ".\n";
        }
        if (drawn < 0.1) {
            return ", ";
        }
        return drawn < 0.12 ? ";\n    " : " ";
    }

    /** About so many characters, starting anywhere. */
    String slice(SplittableRandom random, double wanted) {
        int length = Math.max(SHORTEST, (int) wanted);
        if (length >= text.length()) {
            return text.repeat(length / text.length() + 1).substring(0, length);
        }
        int from = random.nextInt(text.length() - length);
        int to = from + length;
        // Half a character is no text.
        from += Character.isLowSurrogate(text.charAt(from)) ? 1 : 0;
        to -= Character.isHighSurrogate(text.charAt(to - 1)) ? 1 : 0;
        String slice = text.substring(from, to).strip();
        return slice.isEmpty() ? "ok" : slice;
    }
}
