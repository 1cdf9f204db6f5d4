package dev.kept.archive;

import dev.kept.model.EventHeader;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.tape.Generation;
import dev.kept.tape.SourceCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * One tape on disk and what its card says.
 *
 * @param kind what the source is, by its path
 * @param length bytes of the newest generation
 */
public record StoredTape(Provider provider, SourceKind.Session kind, Path folder, SourceCard card, long length) {
    public StoredTape {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(card, "card");
    }

    /** True for the conversation itself, as opposed to a subagent's line. */
    public boolean isMainLine() {
        return kind.line().equals(EventHeader.MAIN_LINE);
    }

    /** The files with the bytes of all generations, oldest first; one that holds nothing of its own may be missing. */
    public List<Path> files() {
        return card.generations().stream()
                .map(Generation::fileName)
                .map(folder::resolve)
                .filter(Files::exists)
                .toList();
    }

    /** Whether something stands where the agent keeps the file, a dangling link included. */
    public boolean sourcePresent() {
        return Files.exists(card.path(), LinkOption.NOFOLLOW_LINKS);
    }

    /** When the agent's file was made, as far as can be told: when Kept first saw it, where it is not there. */
    public Instant createdAt() {
        try {
            return Files.readAttributes(card.path(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .creationTime()
                    .toInstant();
        } catch (IOException gone) {
            return card.firstSeen();
        }
    }

    /** When the agent's file was last changed, ms since 1970; 0 if it is not there. */
    public long sourceModifiedAtMs() {
        try {
            return Files.getLastModifiedTime(card.path(), LinkOption.NOFOLLOW_LINKS)
                    .toMillis();
        } catch (IOException gone) {
            return 0;
        }
    }

    /** Bytes that all generations take on disk. */
    public long bytesOnDisk() throws IOException {
        long bytes = 0;
        for (Path file : files()) {
            bytes += Files.size(file);
        }
        return bytes;
    }
}
