package dev.kept.agents.gemini;

import dev.kept.model.BoundedText;
import dev.kept.provider.SessionFact;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The folder of work as a session tells it. Headers name it by its SHA-256 alone; the context that the agent puts in
 * front of a conversation lists it, first of the folders that it may touch. Of several the one with the header's digest
 * counts.
 */
final class ProjectFolder {
    private static final String LIST = "- **Workspace Directories:**\n";
    private static final String ITEM = "  - ";
    private static final int MOST = 64;

    private String project = "";
    private String last = "";

    /** Takes what a header calls the project. */
    void project(String digest) {
        project = BoundedText.shortened(digest, BoundedText.MAX_NAME);
        last = "";
    }

    /** Returns what a context tells, where it is another folder than it told before. */
    Optional<SessionFact.WorkingDirectory> told(String context) {
        List<String> folders = folders(context);
        Optional<String> found = folders.stream()
                .filter(folder -> digest(folder).equals(project))
                .findFirst()
                .or(() -> folders.stream().findFirst());
        if (found.isEmpty() || found.get().equals(last) || found.get().length() > BoundedText.MAX_PATH) {
            return Optional.empty();
        }
        last = found.get();
        return found.map(SessionFact.WorkingDirectory::new);
    }

    private static List<String> folders(String context) {
        int at = context.indexOf(LIST);
        List<String> folders = new ArrayList<>();
        if (at >= 0) {
            context.substring(at + LIST.length())
                    .lines()
                    .takeWhile(line -> line.startsWith(ITEM))
                    .limit(MOST)
                    .forEach(line -> folders.add(line.substring(ITEM.length())));
        }
        return folders;
    }

    /** Returns the name that the agent made of a folder's path before it had short ones. */
    static String digest(String path) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    void save(StateWriter out) {
        out.text(project);
        out.text(last);
    }

    void restore(StateReader in) throws IOException {
        project = in.text();
        last = in.text();
    }

    /** Bytes of heap that it takes. */
    long heldBytes() {
        return 32 + BoundedText.bytes(project) + BoundedText.bytes(last);
    }
}
