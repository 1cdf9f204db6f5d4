package dev.kept.cli;

import dev.kept.archive.PurgeOutlook;
import dev.kept.config.HomeDisk;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.daemon.Providers;
import dev.kept.provider.Provider;
import dev.kept.status.HumanWords;
import dev.kept.text.ShellWord;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What the doctor looks at outside the daemon: files and rights, roots, disk, limits, clock. */
final class HostChecks {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
    private static final Path WATCHES = Path.of("/proc/sys/fs/inotify/max_user_watches");
    private static final Path INSTANCES = Path.of("/proc/sys/fs/inotify/max_user_instances");
    private static final long FEW_WATCHES = 8_192;
    private static final long FEW_INSTANCES = 32;
    /** Nothing of Kept was made before this. */
    private static final Instant FIRST_YEAR = Instant.parse("2025-01-01T00:00:00Z");

    private final Surroundings surroundings;
    private final Findings findings;
    private final KeptConfig config;
    private final KeptHome home;

    HostChecks(Surroundings surroundings, Findings findings, KeptConfig config) {
        this.surroundings = surroundings;
        this.findings = findings;
        this.config = config;
        this.home = surroundings.home();
    }

    /** The home, its parts and its socket: there, ours, and nobody else's. */
    void files() {
        if (!Files.isDirectory(home.directory())) {
            findings.note(home.forPeople(home.directory()) + " is not there yet; kept start makes it");
            return;
        }
        boolean well = true;
        for (Path each : List.of(
                home.directory(),
                home.tapes(),
                home.journals(),
                home.state(),
                home.run(),
                home.logs(),
                home.controlSocket())) {
            well &= isPrivate(each);
        }
        if (well) {
            findings.well("files in " + home.forPeople(home.directory()) + " are yours alone");
        }
    }

    private boolean isPrivate(Path path) {
        try {
            if (!Files.exists(path)) {
                return true;
            }
            if (!Files.isWritable(path)) {
                findings.ill("files", home.forPeople(path) + " cannot be written", "chown and chmod it to yourself");
                return false;
            }
            if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(path))) {
                findings.ill("files", home.forPeople(path) + " is open to others", "chmod go-rwx " + ShellWord.of(path));
                return false;
            }
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            findings.ill("files", home.forPeople(path) + " cannot be looked at: " + e.getMessage(), "see its folder");
            return false;
        }
    }

    /** The agents' folders, and what they will delete of them. */
    void roots() {
        Map<Provider, List<Path>> roots = Providers.roots(config, home, surroundings.environment());
        for (Provider provider : Providers.ALL) {
            List<Path> of = roots.getOrDefault(provider, List.of());
            if (!roots.containsKey(provider)) {
                findings.note(provider.name() + " is not followed: config.yaml says so");
            } else if (of.stream().noneMatch(Files::isDirectory)) {
                findings.note(provider.name() + " keeps nothing here yet ("
                        + String.join(", ", of.stream().map(home::forPeople).toList()) + ")");
            }
            for (Path root : of) {
                root(provider, root);
            }
        }
    }

    private void root(Provider provider, Path root) {
        if (!Files.isDirectory(root)) {
            return;
        }
        if (!Files.isReadable(root)) {
            findings.ill(provider.name(), home.forPeople(root) + " cannot be read", "chmod u+rx " + ShellWord.of(root));
            return;
        }
        try {
            PurgeOutlook.of(provider, root, home.tapes(), surroundings.clock().instant())
                    .ifPresent(outlook -> outlook(provider, outlook));
            if (HomeDisk.type(root).filter(HomeDisk::isNetwork).isPresent()) {
                findings.note(
                        home.forPeople(root) + " lies on a network: changes are found by looking, up to a minute late");
            }
        } catch (IOException e) {
            findings.ill(provider.name(), home.forPeople(root) + ": " + e.getMessage(), "see that it can be read");
        }
    }

    private void outlook(Provider provider, PurgeOutlook outlook) {
        String when = provider.displayName() + " deletes sessions "
                + outlook.after().toDays() + " days after their last change";
        if (outlook.soon() == 0) {
            findings.well(when + "; none goes within " + PurgeOutlook.SOON.toDays() + " days");
        } else if (outlook.notOnTape().isEmpty()) {
            findings.well(when + "; " + HumanWords.count(outlook.soon(), "file") + " within "
                    + PurgeOutlook.SOON.toDays() + " days, all on tape");
        } else {
            findings.ill(
                    provider.name(),
                    when + "; of " + HumanWords.count(outlook.soon(), "file") + " that go within "
                            + PurgeOutlook.SOON.toDays() + " days "
                            + HumanWords.grouped(outlook.notOnTape().size())
                            + " are not on tape, first "
                            + home.forPeople(outlook.notOnTape().getFirst()),
                    "kept start copies them; what config.yaml leaves out (keep.firstImport, keep.exclude) or was"
                            + " forgotten stays out");
        }
    }

    void disk() {
        Path existing = Files.isDirectory(home.directory()) ? home.directory() : home.userHome();
        try {
            FileStore store = Files.getFileStore(existing);
            long free = store.getUsableSpace();
            String words = HumanWords.bytes(free) + " free on the disk of " + home.forPeople(home.directory());
            if (free < config.keep().minFreeBytes()) {
                findings.ill(
                        "disk",
                        words + "; below " + HumanWords.bytes(config.keep().minFreeBytes()) + " nothing is kept",
                        "make room (kept clean --dry-run shows what could go), or lower keep.minFreeBytes");
            } else {
                findings.well(words);
            }
            if (HomeDisk.isNetwork(store.type())) {
                findings.ill(
                        "disk",
                        home.forPeople(home.directory()) + " lies on a network file system (" + store.type() + ")",
                        "set KEPT_HOME to a folder on a disk of this machine, or tape.allowNetworkDisk: true");
            }
        } catch (IOException e) {
            findings.ill("disk", String.valueOf(e.getMessage()), "see that " + existing + " can be read");
        }
    }

    /** Linux tells of changes through inotify, of which each person has so much. */
    void watches() {
        if (!Files.isReadable(WATCHES)) {
            return;
        }
        try {
            long watches = Long.parseLong(Files.readString(WATCHES).strip());
            long instances = Long.parseLong(Files.readString(INSTANCES).strip());
            long folders = folders();
            if (watches < Math.max(FEW_WATCHES, 2 * folders)) {
                findings.ill(
                        "inotify",
                        "only " + HumanWords.grouped(watches) + " folders may be watched by all your programs together,"
                                + " and the agents have " + HumanWords.grouped(folders),
                        "sudo sysctl fs.inotify.max_user_watches=524288");
            } else if (instances < FEW_INSTANCES) {
                findings.ill(
                        "inotify",
                        "only " + instances + " of your programs may watch folders",
                        "sudo sysctl fs.inotify.max_user_instances=512");
            } else {
                findings.well("inotify: " + HumanWords.grouped(watches) + " folders may be watched, the agents have "
                        + HumanWords.grouped(folders));
            }
        } catch (IOException | NumberFormatException e) {
            findings.note("inotify: its limits cannot be read");
        }
    }

    private long folders() throws IOException {
        long count = 0;
        for (Map.Entry<Provider, List<Path>> each :
                Providers.roots(config, home, surroundings.environment()).entrySet()) {
            for (Path root : each.getValue()) {
                for (Path folder : each.getKey().sessionFolders()) {
                    Path directory = root.resolve(folder);
                    if (Files.isDirectory(directory)) {
                        try (Stream<Path> all = Files.walk(directory)) {
                            count += all.filter(Files::isDirectory).count();
                        }
                    }
                }
            }
        }
        return count;
    }

    /** Orders are judged by their time: a clock that stands wrong makes them too old, or not yet given. */
    void clock() {
        Instant now = surroundings.clock().instant();
        if (now.isBefore(FIRST_YEAR)) {
            findings.ill("clock", "it says " + now, "set it; commands in chats are judged by their time");
            return;
        }
        Path status = home.statusFile();
        try {
            if (Files.exists(status)
                    && Files.getLastModifiedTime(status).toInstant().isAfter(now.plusSeconds(60))) {
                findings.ill(
                        "clock",
                        "the daemon wrote its status at a time that is still to come",
                        "the clock was set back; set it right, then: kept restart");
                return;
            }
        } catch (IOException notThere) {
            // Then it tells nothing about the clock.
        }
        findings.well("clock " + now.truncatedTo(ChronoUnit.SECONDS));
    }
}
