package dev.kept.cli.doctor.check;

import dev.kept.status.HumanReadable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A check of the bytes of all tapes, if config.yaml limits them. */
record TapesSizeCheck() implements Check {
    @Override
    public String id() {
        return "tapes.size";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        Optional<Long> most = kept.config().keep().maxTapeBytes();
        if (most.isEmpty()) {
            return List.of();
        }
        long bytes = TapesCheck.Sizes.of(kept.tapes().readable()).bytes();
        String limit = "keep.maxTapeBytes, " + HumanReadable.bytes(most.get());
        return List.of(
                bytes > most.get()
                        ? Finding.problem("the tapes take more than " + limit, "kept clean --dry-run")
                        : Finding.ok("the tapes take no more than " + limit));
    }
}
