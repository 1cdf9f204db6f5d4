package dev.kept.cli.doctor.check;

import dev.kept.archive.SessionTree;
import dev.kept.config.KernelFiles;
import dev.kept.provider.Provider;
import dev.kept.status.HumanReadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A check of the limits of inotify, through which Linux reports changes; they apply to each user.
 *
 * @param watches files with limits of watched folders; the smallest counts, missing files do not
 * @param instances files with limits of watching programs
 */
public record InotifyCheck(List<Path> watches, List<Path> instances) implements Check {
    private static final long FEW_WATCHES = 8_192;
    private static final long FEW_INSTANCES = 32;

    /** Returns a check of this machine. */
    static InotifyCheck ofThisMachine() {
        return new InotifyCheck(
                List.of(
                        Path.of("/proc/sys/fs/inotify/max_user_watches"),
                        Path.of("/proc/sys/user/max_inotify_watches")),
                List.of(
                        Path.of("/proc/sys/fs/inotify/max_user_instances"),
                        Path.of("/proc/sys/user/max_inotify_instances")));
    }

    @Override
    public String id() {
        return "inotify";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        if (watches.stream().noneMatch(Files::isReadable)) {
            return List.of();
        }
        long most = least(watches);
        long programs = least(instances);
        long folders = folders(kept);
        if (most < Math.max(FEW_WATCHES, 2 * folders)) {
            return List.of(Finding.problem(
                    "only " + HumanReadable.count(most, "folder")
                            + " may be watched by all your programs together, and the" + " agents have "
                            + HumanReadable.grouped(folders),
                    "sudo sysctl fs.inotify.max_user_watches=524288"));
        }
        if (programs < FEW_INSTANCES) {
            return List.of(Finding.problem(
                    "only " + programs + " of your programs may watch folders",
                    "sudo sysctl fs.inotify.max_user_instances=512"));
        }
        return List.of(Finding.ok("inotify: " + HumanReadable.grouped(most)
                + " folders may be watched, the agents have " + HumanReadable.grouped(folders)));
    }

    private static long least(List<Path> limits) throws IOException {
        long least = Long.MAX_VALUE;
        for (Path limit : limits) {
            if (Files.isReadable(limit)) {
                least = Math.min(least, KernelFiles.number(limit));
            }
        }
        return least;
    }

    private static long folders(Examined kept) throws IOException {
        long[] count = new long[1];
        SessionTree.Visitor counter = new SessionTree.Visitor() {
            @Override
            public boolean folder() {
                count[0]++;
                return true;
            }
        };
        for (Map.Entry<Provider, List<Path>> each : kept.roots().entrySet()) {
            for (Path root : each.getValue()) {
                SessionTree.walk(each.getKey(), root, counter);
            }
        }
        return count[0];
    }
}
