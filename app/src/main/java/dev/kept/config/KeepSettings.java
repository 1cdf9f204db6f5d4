package dev.kept.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/** The settings of what is kept and for how long. */
final class KeepSettings {
    private static final Pattern DAYS = Pattern.compile("(\\d{1,5})d");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,6})\\s*(MiB|GiB|TiB|MB|GB|TB|M|G|T)");
    private static final int LONGEST = 20;

    static final Setting<Optional<Duration>> FIRST_IMPORT = new Setting<>(
            "keep.firstImport",
            Optional.empty(),
            "all",
            "Which of the conversations that were there before Kept are kept: all, none, or those of the last days: 30d.\n"
                    + "An older one is kept from the moment on that it is continued.",
            node -> days(node, "all", "none"));

    static final Setting<List<Path>> EXCLUDE = new Setting<>(
            "keep.exclude",
            List.of(),
            "[]",
            "Never kept: conversations in these working directories and below, or these files. * is any name.\n"
                    + "What was kept before stays until: kept forget --cwd DIR",
            KeepSettings::paths);

    static final Setting<Optional<Duration>> RETENTION = new Setting<>(
            "keep.retention",
            Optional.empty(),
            "forever",
            "How long a conversation is kept after its last message: forever, or days: 365d. `kept clean` removes older\n"
                    + "ones whose agent still has them; the only copy goes with `kept clean --only-copies` alone.",
            node -> days(node, "forever", ""));

    static final Setting<Optional<Long>> MAX_TAPE_BYTES = new Setting<>(
            "keep.maxTapeBytes",
            Optional.empty(),
            "unlimited",
            "What `kept clean` brings the tapes down to, oldest first: unlimited, or a size: 20GiB.",
            KeepSettings::sizeOrUnlimited);

    static final Setting<Long> MIN_FREE_BYTES = new Setting<>(
            "keep.minFreeBytes",
            256L << 20,
            "256MiB",
            "What must stay free on the disk. With less nothing more is copied; what agents write waits in their files.",
            KeepSettings::size);

    static final Setting<Optional<Duration>> SEAL_AFTER = new Setting<>(
            "tape.sealAfter",
            Optional.of(Duration.ofDays(14)),
            "14d",
            "How long an agent's file rests before its copy is sealed: packed to a fraction of its size, readable by zstdcat\n"
                    + "and by Kept as before. never, or days: 14d. `kept seal` does it when you want.",
            node -> days(node, "never", ""));

    static final Setting<Long> MAX_UNPACKED_BYTES = new Setting<>(
            "tape.maxUnpackedBytes",
            8L << 30,
            "8GiB",
            "What a file that its agent packed (.zst) may unpack to. One that unpacks to more is kept packed, and is not read.",
            KeepSettings::size);

    static final Setting<Integer> MAX_UNPACK_RATIO = new Setting<>(
            "tape.maxUnpackRatio",
            200,
            "200",
            "How many times its own length such a file may unpack to, where that is more than 64 MiB.",
            node -> node.wholeNumber(1, 1_000_000, "no file unpacks to less than nothing"));

    private KeepSettings() {}

    private static Optional<Duration> days(ConfigNode node, String unlimited, String nothing) throws ConfigException {
        String text = node.text(LONGEST);
        Matcher days = DAYS.matcher(text);
        if (text.equals(unlimited)) {
            return Optional.empty();
        }
        if (!nothing.isEmpty() && text.equals(nothing)) {
            return Optional.of(Duration.ZERO);
        }
        if (days.matches()) {
            return Optional.of(Duration.ofDays(Long.parseLong(days.group(1))));
        }
        throw node.wrong(
                node.key() + ": \"" + text + "\" is not a duration",
                "write " + unlimited + (nothing.isEmpty() ? "" : ", " + nothing) + ", or days such as 30d");
    }

    private static List<Path> paths(ConfigNode node) throws ConfigException {
        List<Path> paths = new ArrayList<>();
        for (Node each : node.elements()) {
            paths.add(new ConfigNode(node.source(), node.key(), each).path());
        }
        return paths;
    }

    private static Optional<Long> sizeOrUnlimited(ConfigNode node) throws ConfigException {
        return node.text(LONGEST).equals("unlimited") ? Optional.empty() : Optional.of(size(node));
    }

    private static long size(ConfigNode node) throws ConfigException {
        String text = node.text(LONGEST);
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw node.wrong(node.key() + ": \"" + text + "\" is not a size", "write a size such as 500MiB or 20GiB");
        }
        int shift = size.group(2).startsWith("M") ? 20 : size.group(2).startsWith("G") ? 30 : 40;
        return Long.parseLong(size.group(1)) << shift;
    }
}
