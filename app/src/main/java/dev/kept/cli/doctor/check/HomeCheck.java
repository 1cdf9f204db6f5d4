package dev.kept.cli.doctor.check;

import dev.kept.config.KeptHome;
import dev.kept.text.ShellWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A check of the home, its parts and its socket: they must belong to this user and be closed to others. */
record HomeCheck() implements Check {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    @Override
    public String id() {
        return "home";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        KeptHome home = kept.home();
        if (!Files.exists(home.directory())) {
            return List.of(
                    Finding.note(home.forPeople(home.directory()) + " is not there yet; the first start makes it"));
        }
        List<Finding> findings = new ArrayList<>();
        for (Path each : List.of(
                home.directory(),
                home.tapes(),
                home.journals(),
                home.state(),
                home.run(),
                home.logs(),
                home.controlSocket())) {
            fault(kept, each).ifPresent(findings::add);
        }
        return findings.isEmpty()
                ? List.of(Finding.ok("files in " + home.forPeople(home.directory()) + " are yours alone"))
                : findings;
    }

    private static Optional<Finding> fault(Examined kept, Path path) throws IOException {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        String shown = kept.forPeople(path);
        if (!path.equals(kept.home().controlSocket()) && !Files.isDirectory(path)) {
            return Optional.of(Finding.problem(
                    shown + " is no folder",
                    "rename what stands there, and keep it: it may be yours. Then: kept restart"));
        }
        if (!Files.isWritable(path)) {
            String mine = System.getProperty("user.name", "");
            return Optional.of(Finding.problem(
                    shown + " cannot be written",
                    "chmod u+rwX " + ShellWord.of(path) + "; where it is not yours: sudo chown " + ShellWord.of(mine)
                            + " " + ShellWord.of(path)));
        }
        try {
            return OWNER_ONLY.containsAll(Files.getPosixFilePermissions(path))
                    ? Optional.empty()
                    : Optional.of(Finding.problem(shown + " is open to others", "chmod go-rwx " + ShellWord.of(path)));
        } catch (UnsupportedOperationException noRights) {
            return Optional.of(Finding.note(shown + " lies on a disk that knows no permissions"));
        }
    }
}
