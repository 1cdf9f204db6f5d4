package dev.kept.sandbox;

import dev.kept.config.KeptHome;
import dev.kept.config.KernelFiles;
import dev.kept.config.PrivateFiles;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonWriter;
import dev.kept.json.MalformedJsonException;
import dev.kept.sandbox.PathRule.Reason;
import dev.kept.text.ForeignPath;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * The restrictions of the daemon, as applied. The launching process writes them to {@code run/sandbox.json}, because
 * the kernel cannot be asked later which rules are in force.
 *
 * @param landlockAbi version of the kernel's interface, see {@link Landlock}; 0: files are not restricted
 * @param filter true if system calls are filtered
 * @param missing reason why a part is missing, for people; empty if nothing is missing, or nothing was wanted
 * @param rules rules in force; empty without Landlock
 */
public record SandboxStatus(int landlockAbi, boolean filter, String missing, List<AppliedRule> rules) {
    /** No restrictions. */
    public static final SandboxStatus NONE = new SandboxStatus(0, false, "", List.of());

    /** The system property that tells the daemon its launch. */
    public static final String LAUNCH_PROPERTY = "kept.launch";

    private static final Path ROOT = Path.of("/");
    private static final Path STATUS = Path.of("/proc/self/status");

    public SandboxStatus {
        rules = List.copyOf(rules);
    }

    /** Returns a name for people and programs: {@code landlock 7 + seccomp}, or {@code none}. */
    public String name() {
        List<String> parts = new ArrayList<>();
        if (landlockAbi > 0) {
            parts.add("landlock " + landlockAbi);
        }
        if (filter) {
            parts.add("seccomp");
        }
        return parts.isEmpty() ? "none" : String.join(" + ", parts);
    }

    /** Reports whether files, sockets and programs are restricted. */
    public boolean isComplete() {
        return landlockAbi > 0 && filter;
    }

    /**
     * Returns the status without restrictions that do not work in this process: only tested ones are shown to people.
     * Without Landlock the root of the file system can be listed, unless a rule allows that.
     */
    public SandboxStatus confirmed() {
        boolean files = landlockAbi > 0 && (allowsRoot() || !canListRoot());
        boolean calls = filter && isFiltered();
        return files == landlockAbi > 0 && calls == filter
                ? this
                : new SandboxStatus(
                        files ? landlockAbi : 0,
                        calls,
                        "the restrictions that were applied have no effect",
                        files ? rules : List.of());
    }

    private boolean allowsRoot() {
        return rules.stream().anyMatch(applied -> applied.rule().path().equals(ROOT));
    }

    private static boolean canListRoot() {
        try (DirectoryStream<Path> _ = Files.newDirectoryStream(ROOT)) {
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private static boolean isFiltered() {
        try {
            return KernelFiles.lines(STATUS).stream().anyMatch(line -> line.matches("Seccomp:\\s+2"));
        } catch (IOException notThisSystem) {
            return false;
        }
    }

    /** Reports whether a rule is in force for the current file at its path. */
    public boolean holds(PathRule rule) {
        Optional<String> identity = rule.identity();
        return identity.isPresent() && rules.contains(new AppliedRule(rule, identity.get()));
    }

    /** Writes the status for the daemon of one launch. */
    public void write(KeptHome home, String launch) throws IOException {
        PrivateFiles.replace(home.sandboxFile(), toJson(launch) + "\n");
    }

    /** Returns the status as JSON, with its launch. */
    public String toJson(String launch) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JsonWriter.indented(text)) {
            out.writeStartObject();
            out.writeStringProperty("launch", launch);
            out.writeStringProperty("name", name());
            out.writeNumberProperty("landlock", landlockAbi);
            out.writeBooleanProperty("seccomp", filter);
            out.writeStringProperty("missing", missing);
            out.writeArrayPropertyStart("rules");
            for (AppliedRule applied : rules) {
                out.writeStartObject();
                out.writeStringProperty("path", applied.rule().path().toString());
                out.writeStringProperty("access", applied.rule().access().name());
                out.writeStringProperty("reason", applied.rule().reason().name());
                out.writeStringProperty("standing", applied.identity());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        return text.toString();
    }

    /** Reads the status that a launch wrote; empty if the file is another launch's, or is missing. */
    public static Optional<SandboxStatus> read(KeptHome home, String launch) throws IOException {
        if (launch.isEmpty() || !Files.exists(home.sandboxFile())) {
            return Optional.empty();
        }
        String text = Files.readString(home.sandboxFile());
        try {
            return JsonReader.parse(text) instanceof JsonObject object
                            && object.stringOr("launch", "").equals(launch)
                    ? Optional.of(read(object))
                    : Optional.empty();
        } catch (MalformedJsonException | IllegalArgumentException e) {
            throw new IOException(
                    home.sandboxFile() + " is not what the launching process wrote: " + e.getMessage(), e);
        }
    }

    /**
     * Parses the output of {@link #toJson}.
     *
     * @throws IOException if the text is something else
     */
    public static SandboxStatus fromJson(String json) throws IOException {
        try {
            if (JsonReader.parse(json) instanceof JsonObject object
                    && object.string("name").isPresent()) {
                return read(object);
            }
        } catch (MalformedJsonException | IllegalArgumentException e) {
            throw new IOException("the daemon's answer is not understood; run: kept restart", e);
        }
        throw new IOException("the daemon's answer is not understood; run: kept restart");
    }

    private static SandboxStatus read(JsonObject object) {
        List<AppliedRule> rules = object.array("rules").stream()
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .map(rule -> new AppliedRule(
                        new PathRule(
                                ForeignPath.of(rule.stringOr("path", "/")).orElse(ROOT),
                                Access.valueOf(rule.stringOr("access", "")),
                                Reason.valueOf(rule.stringOr("reason", ""))),
                        rule.stringOr("standing", "")))
                .toList();
        return new SandboxStatus(
                (int) object.longOr("landlock", 0), object.isTrue("seccomp"), object.stringOr("missing", ""), rules);
    }
}
