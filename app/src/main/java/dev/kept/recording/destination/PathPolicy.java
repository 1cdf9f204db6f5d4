package dev.kept.recording.destination;

import dev.kept.recording.destination.Refusal.Code;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.text.ShellWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Policy for the files that recordings may be written to. Immutable; inspects the file system at each decision, because
 * links and folders change.
 *
 * <p>The verdict holds at that moment. {@link SafeDestinationOpener} makes sure that it still holds for what is then
 * opened.
 *
 * @param allowedWriteRoots the folders that the owner allowed
 * @param keptHome {@code KEPT_HOME}; its {@code recordings/} is always allowed, the rest never
 * @param providerRoots the folders of agents' own files; never written to
 * @param home the person's home, to show paths the way they write them
 */
public record PathPolicy(List<Path> allowedWriteRoots, Path keptHome, List<Path> providerRoots, Path home) {
    private static final List<Rule> RULES = List.of(
            (policy, it) -> InstructingFiles.cause(it.canonical)
                    .flatMap(cause -> it.when(true, Code.INSTRUCTS_AGENTS, cause.reason(), cause.remedy())),
            (policy, it) -> it.when(
                    RecordingFormat.of(it.canonical).isEmpty(),
                    Code.WRONG_SUFFIX,
                    "recordings are .md or .jsonl files",
                    "Choose a name that ends in .md or .jsonl."),
            (policy, it) -> it.when(
                    policy.isOwn(it),
                    Code.KEPT_HOME,
                    "it is one of Kept's own files",
                    () -> "Choose a place in " + policy.shown(policy.recordings()) + ", or outside "
                            + policy.shown(policy.keptHome) + "."),
            (policy, it) -> it.when(
                    policy.isProviders(it),
                    Code.PROVIDER_ROOT,
                    "an agent keeps its own files there",
                    "Choose a place outside the agent's folder."),
            (policy, it) -> it.when(
                    it.root.isEmpty(),
                    Code.OUTSIDE_ROOTS,
                    it.viaLink() + "no allowed folder holds it",
                    () -> policy.howToAllow(it.parent())),
            (policy, it) -> it.when(
                    it.isHidden(),
                    Code.HIDDEN,
                    "a part of the path begins with a dot, and hidden folders are for programs",
                    "Choose a place that is not hidden, or allow the hidden folder itself."),
            (policy, it) -> it.when(
                    it.is(Kind.SYMBOLIC_LINK),
                    Code.SYMBOLIC_LINK,
                    "it is a symbolic link",
                    "Name the file that the link leads to."),
            (policy, it) -> it.when(
                    it.is(Kind.DIRECTORY),
                    Code.NOT_A_REGULAR_FILE,
                    "it is a folder",
                    "Write a / behind it to have a file name made for it."),
            (policy, it) -> it.when(
                    it.is(Kind.SPECIAL),
                    Code.NOT_A_REGULAR_FILE,
                    "it is a pipe, a socket or a device",
                    "Choose a regular file."),
            (policy, it) -> it.names.filter(FileNames::areSeveral).map(names -> names.refusal(it.shown, it.canonical)));

    /** A rule: returns a refusal, or none. The first refusal is shown to the person. */
    @FunctionalInterface
    private interface Rule {
        Optional<Refusal> check(PathPolicy policy, Candidate it);
    }

    private enum Kind {
        MISSING,
        REGULAR,
        DIRECTORY,
        SYMBOLIC_LINK,
        SPECIAL
    }

    public PathPolicy {
        allowedWriteRoots = List.copyOf(allowedWriteRoots);
        providerRoots = List.copyOf(providerRoots);
        Objects.requireNonNull(keptHome, "keptHome");
        Objects.requireNonNull(home, "home");
    }

    /** Returns the default folder of recordings. */
    public Path recordings() {
        return keptHome.resolve("recordings");
    }

    /** Decides about a file. Never throws because of the file at the path: one that cannot be inspected is denied. */
    public PathVerdict decide(Path file) {
        if (!file.isAbsolute() || file.getNameCount() == 0) {
            return new PathVerdict.Denied(new Refusal(
                    Code.UNCLEAR_PATH, "“" + file + "” is not the full path of a file.", "Write the path in full."));
        }
        try {
            Candidate candidate = candidate(file.normalize());
            for (Rule rule : RULES) {
                Optional<Refusal> refusal = rule.check(this, candidate);
                if (refusal.isPresent()) {
                    return new PathVerdict.Denied(refusal.get());
                }
            }
            return new PathVerdict.Allowed(candidate.canonical, candidate.root.orElseThrow());
        } catch (IOException e) {
            return new PathVerdict.Denied(new Refusal(
                    Code.UNREADABLE,
                    shown(file) + " is refused: what it is cannot be seen (" + e + ").",
                    "Check that the folders above it exist and can be opened."));
        }
    }

    /** The facts that the rules check. {@code root} is the innermost allowed folder that holds the file. */
    private record Candidate(
            String shown, Path requested, Path canonical, Optional<Path> root, Kind kind, Optional<FileNames> names) {
        Optional<Refusal> when(boolean refused, Code code, String why, String remedy) {
            return when(refused, code, why, () -> remedy);
        }

        /**
         * Like {@link #when(boolean, Code, String, String)}, but computes the remedy only for a refusal, since it
         * inspects the disk or builds text.
         */
        Optional<Refusal> when(boolean refused, Code code, String why, Supplier<String> remedy) {
            return refused
                    ? Optional.of(new Refusal(code, shown + " is refused: " + why + ".", remedy.get()))
                    : Optional.empty();
        }

        boolean is(Kind other) {
            return kind == other;
        }

        Path parent() {
            Path parent = canonical.getParent();
            return parent == null ? canonical : parent;
        }

        boolean isHidden() {
            Path below = root.orElseThrow().relativize(canonical);
            for (Path component : below) {
                if (component.toString().startsWith(".")) {
                    return true;
                }
            }
            return false;
        }

        String viaLink() {
            return canonical.equals(requested) ? "" : "links lead to " + canonical + ", and ";
        }
    }

    private Candidate candidate(Path file) throws IOException {
        Path parent = Objects.requireNonNull(file.getParent(), "a file has a parent");
        Path canonical = canonical(parent).resolve(RecordingFormat.fileName(file));
        Optional<Path> root = Optional.empty();
        for (Path allowed : allowedWriteRoots) {
            root = innermost(root, canonical(allowed), canonical);
        }
        root = innermost(root, canonical(recordings()), canonical);
        return new Candidate(shown(file), file, canonical, root, kind(canonical), FileNames.of(canonical));
    }

    /**
     * Returns the remedy that allows a folder. The folder must exist; nobody is advised to allow their whole home, or
     * everything.
     */
    private String howToAllow(Path folder) {
        Path existing = folder;
        while (existing.getParent() != null && !Files.isDirectory(existing)) {
            existing = existing.getParent();
        }
        return home.startsWith(existing)
                ? "Name a file in a folder for notes, and run: kept allow FOLDER"
                : "Run: kept allow " + ShellWord.of(existing, home);
    }

    private static Optional<Path> innermost(Optional<Path> best, Path root, Path file) {
        boolean holds = file.startsWith(root) && !file.equals(root);
        return holds
                        && best.map(other -> other.getNameCount() < root.getNameCount())
                                .orElse(true)
                ? Optional.of(root)
                : best;
    }

    private static Kind kind(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Kind.MISSING;
        }
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isSymbolicLink()) {
            return Kind.SYMBOLIC_LINK;
        }
        if (attributes.isDirectory()) {
            return Kind.DIRECTORY;
        }
        return attributes.isRegularFile() ? Kind.REGULAR : Kind.SPECIAL;
    }

    /** Returns the path without links, as far as it exists; the rest is unchanged. A dangling link is an error. */
    private static Path canonical(Path path) throws IOException {
        Path whole = path.toAbsolutePath().normalize();
        Path existing = whole;
        Path rest = existing.getFileSystem().getPath("");
        while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            Path above = existing.getParent();
            if (above == null) {
                return path;
            }
            rest = existing.getFileName().resolve(rest);
            existing = above;
        }
        Path real = existing.toRealPath();
        return existing.equals(whole) ? real : real.resolve(rest).normalize();
    }

    private boolean isOwn(Candidate it) {
        return inside(it.canonical, keptHome) && !inside(it.canonical, recordings());
    }

    private boolean isProviders(Candidate it) {
        return providerRoots.stream().anyMatch(root -> inside(it.canonical, root));
    }

    private static boolean inside(Path canonical, Path root) {
        try {
            return canonical.startsWith(canonical(root));
        } catch (IOException e) {
            // A root that does not exist holds nothing.
            return canonical.startsWith(root);
        }
    }

    private String shown(Path path) {
        return path.startsWith(home) && !path.equals(home) ? "~/" + home.relativize(path) : path.toString();
    }
}
