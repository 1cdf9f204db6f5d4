package dev.kept.archive;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.config.KeptHome;
import dev.kept.tape.Sealing;
import dev.kept.tape.Tape;
import dev.kept.tape.TapeLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tapes of made-up Claude sessions in a home of their own. */
final class Tapes {
    static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private final KeptHome home;
    private final Path root;

    Tapes(Path temporary) throws IOException {
        Path user = temporary.toRealPath();
        home = new KeptHome(user.resolve(".kept"), user);
        root = user.resolve(".claude");
        home.createDirectories();
    }

    KeptHome home() {
        return home;
    }

    SessionArchive archive() {
        return new SessionArchive(home, List.of(new ClaudeProvider()));
    }

    Path source(String id) {
        return root.resolve("projects/-work/" + id + ".jsonl");
    }

    /** A record that a person typed. */
    static String typed(String id, int number, String text) {
        return "{\"sessionId\":\"" + id + "\",\"cwd\":\"/work\",\"type\":\"user\",\"uuid\":\"" + id + number
                + "\",\"timestamp\":\"2026-05-0" + (1 + number)
                + "T00:00:00.000Z\",\"message\":{\"role\":\"user\",\"content\":\"" + text
                + "\"},\"isSidechain\":false,\"origin\":{\"kind\":\"human\"},\"promptSource\":\"typed\"}\n";
    }

    /** Puts text on a session's tape; makes the tape where there is none. */
    Path append(Path source, String text) throws IOException {
        Path folder = folder(source);
        Tape tape = Files.isDirectory(folder)
                ? Tape.open(folder)
                : Tape.create(folder, "claude", TapeLibrary.sourceId(source), source, root, "", NOW);
        try (tape) {
            tape.append(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            tape.force();
        }
        return folder;
    }

    /** Begins another generation that shares so many bytes, and puts text on it. */
    void rewrite(Path source, long shared, String text) throws IOException {
        try (Tape tape = Tape.open(folder(source))) {
            tape.beginGeneration(shared, "rewritten", NOW);
            tape.append(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            tape.force();
        }
    }

    /** Seals the first generation of a source's tape; answers the file. */
    Path seal(Path source) throws IOException {
        try (Tape tape = Tape.open(folder(source));
                Sealing sealing = Sealing.of(tape.sealable().getFirst())) {
            while (!sealing.step()) {
                // Slice by slice.
            }
            tape.seal(sealing);
        }
        return folder(source).resolve("0001.jsonl.zst");
    }

    private Path folder(Path source) {
        return new TapeLibrary(home.tapes()).folder("claude", TapeLibrary.sourceId(source));
    }

    StoredSession session(String id) throws IOException {
        return archive().sessions(SessionArchive.Progress.NONE).stream()
                .filter(session -> session.key().sessionId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    Optional<StoredSession> find(String id) throws IOException {
        return archive().sessions(SessionArchive.Progress.NONE).stream()
                .filter(session -> session.key().sessionId().equals(id))
                .findFirst();
    }
}
