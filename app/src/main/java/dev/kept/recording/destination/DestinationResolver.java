package dev.kept.recording.destination;

import dev.kept.recording.destination.Refusal.Code;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.text.ForeignPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Resolver for the path of a command, which yields the absolute path of a file. It finds the place; {@link PathPolicy}
 * decides whether it is allowed.
 *
 * @param home the meaning of {@code ~}
 * @param defaultDirectory the folder of generated files when a command names no path
 */
public record DestinationResolver(Path home, Path defaultDirectory) {
    /** The meaning of a path. */
    public sealed interface Resolution {}

    /** A file, absolute and without {@code .} and {@code ..}. */
    public record Resolved(Path file, RecordingFormat format) implements Resolution {
        public Resolved {
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(format, "format");
        }
    }

    /** No file. */
    public record Unresolved(Refusal refusal) implements Resolution {
        public Unresolved {
            Objects.requireNonNull(refusal, "refusal");
        }
    }

    public DestinationResolver {
        Objects.requireNonNull(home, "home");
        Objects.requireNonNull(defaultDirectory, "defaultDirectory");
    }

    /**
     * Resolves one argument. Inspects the file system only to see whether the path is a directory.
     *
     * @param argument absolute, {@code ~/…}, or relative to the working directory; without one a name is generated in
     *     the default directory
     * @param workingDirectory that of the session, if it is known
     * @param generated the name to use in a directory
     */
    public Resolution resolve(Optional<String> argument, Optional<Path> workingDirectory, GeneratedName generated) {
        if (argument.isEmpty()) {
            return generatedIn(generated.directory().orElse(defaultDirectory), generated);
        }
        String written = argument.get();
        if (written.isBlank()) {
            return refuse(Code.UNCLEAR_PATH, "The path is empty.", NAME_ANOTHER);
        }
        Optional<Path> named = ForeignPath.of(written);
        if (named.isEmpty()) {
            return refuse(Code.UNCLEAR_PATH, "“" + written + "” is no path on this system.", NAME_ANOTHER);
        }
        Path path = named.get();
        if (written.equals("~") || written.startsWith("~/")) {
            path = path.getNameCount() == 1 ? home : home.resolve(path.subpath(1, path.getNameCount()));
        } else if (written.startsWith("~")) {
            return refuse(
                    Code.UNCLEAR_PATH,
                    "“" + written + "” names another user's home.",
                    "Write the path in full, or ./" + written + " for a file of that name.");
        } else if (!path.isAbsolute()) {
            if (workingDirectory.isEmpty() || !workingDirectory.get().isAbsolute()) {
                return refuse(
                        Code.NO_WORKING_DIRECTORY,
                        "“" + written + "” is relative, and the folder that the session works in is not known.",
                        "Write the path in full, or from ~/ on.");
            }
            path = workingDirectory.get().resolve(path);
        }
        path = path.normalize();
        boolean directory = written.endsWith("/")
                || written.equals("~")
                || written.equals(".")
                || written.equals("..")
                || written.endsWith("/.")
                || written.endsWith("/..")
                || Files.isDirectory(path);
        return directory ? generatedIn(path, generated) : file(path);
    }

    private static final String NAME_ANOTHER = "Write the path of a .md or .jsonl file.";

    private static Resolution generatedIn(Path directory, GeneratedName generated) {
        RecordingFormat format = RecordingFormat.MARKDOWN;
        return new Resolved(directory.resolve(generated.fileName(format)), format);
    }

    private static Resolution file(Path path) {
        String name = RecordingFormat.fileName(path);
        Optional<RecordingFormat> format = RecordingFormat.of(path);
        if (format.isPresent()) {
            return new Resolved(path, format.get());
        }
        int dot = name.lastIndexOf('.');
        if (dot <= 0) {
            return new Resolved(
                    path.resolveSibling(name + RecordingFormat.MARKDOWN.suffix()), RecordingFormat.MARKDOWN);
        }
        return refuse(
                Code.WRONG_SUFFIX,
                "“" + name + "” ends in " + name.substring(dot) + "; recordings are .md or .jsonl files.",
                "Write " + name + ".md, or another name that ends in .md or .jsonl.");
    }

    private static Resolution refuse(Code code, String message, String remedy) {
        return new Unresolved(new Refusal(code, message, remedy));
    }
}
