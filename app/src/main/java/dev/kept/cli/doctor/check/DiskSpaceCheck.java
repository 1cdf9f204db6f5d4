package dev.kept.cli.doctor.check;

import dev.kept.status.HumanReadable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A check of the free space on the disk of the home. */
record DiskSpaceCheck() implements Check {
    @Override
    public String id() {
        return "disk.room";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        Path existing = DiskCheck.existing(kept.home().directory());
        // Asked for the path itself: a container's root may be on a disk that is not in the list of mounts.
        long free = existing.toFile().getUsableSpace();
        long least = kept.config().keep().minFreeBytes();
        String words = HumanReadable.bytes(free) + " free on the disk of "
                + kept.forPeople(kept.home().directory());
        return List.of(
                free < least
                        ? Finding.problem(
                                words + "; below " + HumanReadable.bytes(least) + " nothing is kept",
                                "make room (kept clean --dry-run shows what could go), or lower keep.minFreeBytes")
                        : Finding.ok(words));
    }
}
