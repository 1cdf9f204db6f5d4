package dev.kept.cli.doctor.check;

import dev.kept.config.HomeDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A check of the kind of disk that the home is on.
 *
 * @param kinds function that returns the kind of file system of a path; empty if unknown
 */
public record DiskCheck(Function<Path, Optional<String>> kinds) implements Check {
    @Override
    public String id() {
        return "disk.kind";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        String home = kept.forPeople(kept.home().directory());
        Optional<String> kind = kinds.apply(existing(kept.home().directory()));
        if (kind.filter(HomeDisk::isNetwork).isEmpty()) {
            return List.of(Finding.ok(home + " lies on "
                    + kind.map(name -> "a disk of this machine (" + name + ")").orElse("a disk of unknown kind")));
        }
        String words = home + " lies on a network file system (" + kind.get() + ")";
        return List.of(
                kept.config().tape().allowNetworkDisk()
                        ? Finding.note(words + ", as config.yaml allows: see that no other machine runs Kept there")
                        : Finding.problem(
                                words,
                                "set KEPT_HOME to a folder on a disk of this machine, or tape.allowNetworkDisk: true"));
    }

    /** Returns the path, or the nearest existing folder above it. */
    static Path existing(Path path) {
        Path existing = path;
        Path parent = existing.getParent();
        while (!Files.exists(existing) && parent != null) {
            existing = parent;
            parent = existing.getParent();
        }
        return existing;
    }
}
