package dev.kept.cli.doctor.check;

import dev.kept.archive.SessionArchive;
import dev.kept.archive.StoredTape;
import dev.kept.status.HumanReadable;
import dev.kept.tape.Tombstones;
import dev.kept.text.ShellWord;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** A check of the tapes by their manifests and sizes. */
record TapesCheck() implements Check {
    @Override
    public String id() {
        return "tapes.cards";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (SessionArchive.Damage damage : kept.tapes().damaged()) {
            findings.add(Finding.problem(
                    kept.forPeople(damage.folder()) + ": " + damage.message(),
                    "leave all in that folder as it is, it may be the only copy; a backup of KEPT_HOME may have"
                            + " the file that is named as it was. Until then its text is read with: zstdcat -f "
                            + ShellWord.of(damage.folder()) + "/0*.jsonl*"));
        }
        Sizes sizes = Sizes.of(kept.tapes().readable());
        int forgotten = Tombstones.open(kept.home().tapes()).count();
        findings.add(Finding.ok(HumanReadable.count(kept.tapes().readable().size(), "tape") + ", "
                + HumanReadable.bytes(sizes.bytes())
                + (sizes.sealed() > 0 ? ", of it " + HumanReadable.bytes(sizes.sealed()) + " sealed" : "")
                + (sizes.gone() > 0
                        ? "; of " + HumanReadable.grouped(sizes.gone()) + " the agent has deleted its file"
                        : "")
                + (forgotten > 0 ? "; " + HumanReadable.count(forgotten, "source") + " forgotten" : "")));
        return findings;
    }

    /**
     * Sums over all tapes.
     *
     * @param gone number of tapes whose agent's file is gone
     */
    record Sizes(long bytes, long sealed, long gone) {
        static Sizes of(List<StoredTape> tapes) throws IOException {
            long bytes = 0;
            long sealed = 0;
            long gone = 0;
            for (StoredTape tape : tapes) {
                try {
                    bytes += tape.bytesOnDisk();
                    sealed += tape.sealedBytesOnDisk();
                    gone += tape.sourcePresent() ? 0 : 1;
                } catch (NoSuchFileException forgottenMeanwhile) {
                    // Forgotten or sealed meanwhile: a sum of sizes is of one moment anyway.
                }
            }
            return new Sizes(bytes, sealed, gone);
        }
    }
}
