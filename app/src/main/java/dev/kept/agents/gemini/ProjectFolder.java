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
 * The working directory as the records of a session name it. Headers contain only its SHA-256. The context that the
 * agent puts before a conversation lists it first among the folders that it may access. If there are several, the one
 * with the header's digest counts.
 */
final class ProjectFolder {
    private static final String LIST = "- **Workspace Directories:**\n";
    private static final String ITEM = "  - ";
    private static final int MOST = 64;

    private String project = "";
    private String last = "";

    /** Sets the project digest from a header. */
    void setProject(String digest) {
        project = BoundedText.shortened(digest, BoundedText.MAX_NAME);
        last = "";
    }

    /** Returns the working directory in a context, if it is another one than before. */
    Optional<SessionFact.WorkingDirectory> update(String context) {
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

    /** Returns the heap that this object uses, in bytes. */
    long heldBytes() {
        return 32 + BoundedText.bytes(project) + BoundedText.bytes(last);
    }
}
