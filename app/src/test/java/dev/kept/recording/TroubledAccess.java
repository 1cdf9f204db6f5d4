package dev.kept.recording;

import dev.kept.recording.destination.DestinationAccess;
import dev.kept.recording.destination.OpenDestination;
import dev.kept.recording.destination.PathVerdict;
import dev.kept.recording.destination.Refusal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/** A way to destinations that fails, or refuses, when told to. */
final class TroubledAccess implements DestinationAccess {
    private final DestinationAccess real;
    private int opened;

    /** Whether files open. */
    boolean opens = true;

    /** Whether files can be read. */
    boolean reads = true;

    /** What every path is refused for, if it is. */
    Optional<Refusal> refusal = Optional.empty();

    TroubledAccess(DestinationAccess real) {
        this.real = real;
    }

    /** How often a file was to be opened for writing. */
    int opened() {
        return opened;
    }

    void refuse(Refusal.Code code) {
        refusal = Optional.of(new Refusal(code, "the path is refused", "mend the path"));
    }

    void refuseNothing() {
        refusal = Optional.empty();
    }

    @Override
    public PathVerdict decide(Path file) {
        return refusal.<PathVerdict>map(PathVerdict.Denied::new).orElseGet(() -> real.decide(file));
    }

    @Override
    public OpenDestination open(PathVerdict.Allowed allowed) throws IOException {
        opened++;
        if (!opens) {
            throw new IOException("No space left on device");
        }
        return real.open(allowed);
    }

    @Override
    public FileState inspect(Path file) throws IOException {
        return real.inspect(file);
    }

    @Override
    public FileChannel read(Path file) throws IOException {
        if (!reads) {
            throw new IOException("Input/output error");
        }
        return real.read(file);
    }

    @Override
    public void force(Path folder) throws IOException {
        real.force(folder);
    }
}
