package dev.kept.cli.command;

import dev.kept.agents.Providers;
import dev.kept.cli.terminal.CliContext;
import dev.kept.cli.terminal.UsageException;
import dev.kept.config.KeptConfig;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.status.HumanReadable;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The question of the first start which of the existing conversations to keep; it shows first how much they are. */
record ImportQuestion(CliContext context) {
    private static final String ALL = "all";
    private static final Pattern KNOWN = Pattern.compile("all|none|\\d{1,5}d");
    private static final Duration RECENT = Duration.ofDays(30);

    private static final class Count {
        private long files;
        private long bytes;

        private void add(long size) {
            files++;
            bytes += size;
        }

        private String words() {
            return HumanReadable.count(files, "file") + ", " + HumanReadable.bytes(bytes);
        }
    }

    /** Returns the typed text if it is one of the answers. */
    static String checked(String typed) throws UsageException {
        if (KNOWN.matcher(typed).matches()) {
            return typed;
        }
        throw new UsageException("“" + typed + "” is not one of: all, none, or days such as 30d");
    }

    /** Asks, and returns the answer; {@code all} if there is nothing to decide or no person to ask. */
    String ask() throws IOException {
        if (!context.terminalIn() || !context.terminalOut()) {
            return ALL;
        }
        Instant recently = context.clock().instant().minus(RECENT);
        Count all = new Count();
        Count recent = new Count();
        for (Map.Entry<Provider, List<Path>> each : Providers.roots(
                        KeptConfig.defaults(), context.home(), context.environment())
                .entrySet()) {
            Count of = new Count();
            for (Path root : each.getValue()) {
                count(each.getKey(), root, recently, of, recent);
            }
            if (of.files > 0) {
                context.out().println(each.getKey().displayName() + " has " + of.words() + " of conversations.");
            }
            all.files += of.files;
            all.bytes += of.bytes;
        }
        if (all.files == 0) {
            return ALL;
        }
        context.out()
                .println(
                        "Of the last " + RECENT.toDays() + " days: " + recent.words() + ". Kept copies what it keeps.");
        while (true) {
            context.out().print("Keep all of them, those of the last days (30d), or none? [all] ");
            context.out().flush();
            @Nullable String line = context.in().readLine();
            if (line == null || line.isBlank()) {
                return ALL;
            }
            try {
                return checked(line.strip());
            } catch (UsageException e) {
                context.out().println("  " + e.getMessage());
            }
        }
    }

    private static void count(Provider provider, Path root, Instant recently, Count all, Count recent)
            throws IOException {
        for (Path folder : provider.sessionFolders()) {
            Path directory = root.resolve(folder);
            if (Files.isDirectory(directory)) {
                // The agent's own folder may be a link.
                Path place = directory.toRealPath();
                Files.walkFileTree(place, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path found, BasicFileAttributes facts) {
                        Path file = directory.resolve(place.relativize(found));
                        if (facts.isRegularFile()
                                && provider.recognize(root.relativize(file)) instanceof SourceKind.Session) {
                            all.add(facts.size());
                            if (!facts.lastModifiedTime().toInstant().isBefore(recently)) {
                                recent.add(facts.size());
                            }
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
                        return FileVisitResult.CONTINUE;
                    }
                });
            }
        }
    }
}
