package dev.kept.cli;

import dev.kept.archive.SessionArchive;
import dev.kept.archive.StoredTape;
import dev.kept.archive.TapeCheck;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.daemon.Providers;
import dev.kept.status.HumanWords;
import dev.kept.tape.Tombstones;
import java.io.IOException;
import java.util.List;

/** What the doctor looks at in the tapes. */
record TapeChecks(Surroundings surroundings, Findings findings, KeptConfig config) {

    /** @param verify read them whole; else their cards and sizes only */
    void run(boolean verify) throws IOException {
        KeptHome home = surroundings.home();
        SessionArchive archive = new SessionArchive(home, Providers.ALL);
        List<StoredTape> tapes = archive.tapes();
        long bytes = 0;
        long sealed = 0;
        long gone = 0;
        for (StoredTape tape : tapes) {
            bytes += tape.bytesOnDisk();
            sealed += tape.sealedBytesOnDisk();
            gone += tape.sourcePresent() ? 0 : 1;
        }
        for (SessionArchive.Damage damage : archive.damaged()) {
            findings.ill(
                    "tape",
                    home.forPeople(damage.folder()) + ": " + damage.message(),
                    "move that folder away; the agent's own file, if there is one, is copied anew");
        }
        int forgotten = Tombstones.open(home.tapes()).count();
        findings.well(HumanWords.count(tapes.size(), "tape") + ", " + HumanWords.bytes(bytes)
                + (sealed > 0 ? ", of it " + HumanWords.bytes(sealed) + " sealed" : "")
                + (gone > 0 ? "; of " + HumanWords.grouped(gone) + " the agent has deleted its file" : "")
                + (forgotten > 0 ? "; " + HumanWords.count(forgotten, "source") + " forgotten" : ""));
        config.keep()
                .maxTapeBytes()
                .filter(new SizeLimit(bytes)::isExceeded)
                .ifPresent(most -> findings.ill(
                        "tapes",
                        "they take more than keep.maxTapeBytes, " + HumanWords.bytes(most),
                        "kept clean --dry-run"));
        if (verify) {
            verify(tapes);
        }
    }

    private record SizeLimit(long bytes) {
        boolean isExceeded(long most) {
            return bytes > most;
        }
    }

    private void verify(List<StoredTape> tapes) {
        TapeCheck check = new TapeCheck();
        long records = 0;
        long raw = 0;
        long read = 0;
        long troubled = 0;
        try (ProgressLine progress = new ProgressLine(surroundings, "Reading tapes")) {
            progress.begin(
                    tapes.size(), tapes.stream().mapToLong(StoredTape::length).sum());
            for (StoredTape tape : tapes) {
                TapeCheck.Result result = check.check(tape, progress::read);
                records += result.records();
                raw += result.raw();
                read += tape.length();
                if (result.trouble().isPresent()) {
                    troubled++;
                    findings.ill(
                            "tape",
                            surroundings.forPeople(tape.folder()) + ": "
                                    + result.trouble().get(),
                            tape.sourcePresent()
                                    ? "kept restart looks at the source again; a damaged tape is best moved away"
                                    : "the rest of it is readable; a backup of KEPT_HOME may have that file as it was");
                }
            }
        }
        if (troubled == 0) {
            findings.well(
                    "verified: " + HumanWords.count(tapes.size(), "tape") + " read whole, " + HumanWords.bytes(read)
                            + ", " + HumanWords.count(records, "record") + ", " + HumanWords.grouped(raw)
                            + " not understood; as far as agents have files, they are the same");
        }
    }
}
