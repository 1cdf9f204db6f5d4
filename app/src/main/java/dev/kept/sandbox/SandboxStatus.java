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
 * What holds the daemon, as it was put on. The launching process writes it to {@code run/sandbox.json}, for nobody can ask
 * the kernel later which rules hold.
 *
 * @param landlockAbi the number of the kernel's interface, see {@link Landlock}; 0: files are not restricted
 * @param filter whether system calls are filtered
 * @param missing why a part of it is missing, for people; empty if nothing is, or nothing was wanted
 * @param rules the rules that hold; empty without Landlock
 */
public record SandboxStatus(int landlockAbi, boolean filter, String missing, List<AppliedRule> rules) {
    /** Nothing. */
    public static final SandboxStatus NONE = new SandboxStatus(0, false, "", List.of());

    /** The system property that tells the daemon which launch it comes from. */
    public static final String LAUNCH_PROPERTY = "kept.launch";

    private static final Path ROOT = Path.of("/");
    private static final Path STATUS = Path.of("/proc/self/status");

    public SandboxStatus {
        rules = List.copyOf(rules);
    }

    /** For people and programs: {@code landlock 7 + seccomp}, or {@code none}. */
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

    /** True if files, sockets and programs are restricted. */
    public boolean whole() {
        return landlockAbi > 0 && filter;
    }

    /**
     * The same, less what this process does not feel: what is told to people was tried. Without Landlock the root of the
     * file system can be listed, unless a rule allows that.
     */
    public SandboxStatus confirmed() {
        boolean files = landlockAbi > 0 && (allowsRoot() || !canListRoot());
        boolean calls = filter && isFiltered();
        return files == landlockAbi > 0 && calls == filter
                ? this
                : new SandboxStatus(
                        files ? landlockAbi : 0, calls, "what was put on is not felt", files ? rules : List.of());
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

    /** Whether a rule holds for what stands at its path now. */
    public boolean holds(PathRule rule) {
        Optional<String> standing = rule.standing();
        return standing.isPresent() && rules.contains(new AppliedRule(rule, standing.get()));
    }

    /** Writes it down for the daemon of one launch. */
    public void write(KeptHome home, String launch) throws IOException {
        PrivateFiles.replace(home.sandboxFile(), toJson(launch) + "\n");
    }

    /** As JSON, with the launch that it belongs to. */
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
                out.writeStringProperty("standing", applied.standing());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        return text.toString();
    }

    /** What a launch wrote down; empty if the file is another launch's, or is not there. */
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
     * What a JSON text of {@link #toJson} says.
     *
     * @throws IOException if it says something else
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
