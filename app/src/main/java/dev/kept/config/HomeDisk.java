package dev.kept.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The file system that the home is on. Over a network a lock may hold on one machine only, so that two daemons write
 * one tape, and data that was forced to disk may still be in another machine's memory: Kept can guarantee nothing
 * there.
 */
public final class HomeDisk {
    private static final Set<String> NETWORK = Set.of(
            "nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ceph", "fuse.glusterfs", "lustre");

    private HomeDisk() {}

    /** Returns true for the name of a network file system, as {@link java.nio.file.FileStore#type} returns it. */
    public static boolean isNetwork(String type) {
        return NETWORK.contains(type);
    }

    /**
     * Rejects a home on a network file system, unless the owner allows it.
     *
     * @throws IOException with a remedy
     */
    public static void check(KeptHome home, KeptConfig config) throws IOException {
        Path existing = home.directory();
        Path parent = existing.getParent();
        while (!Files.exists(existing) && parent != null) {
            existing = parent;
            parent = existing.getParent();
        }
        Optional<String> type = type(existing);
        if (type.isPresent()) {
            check(home, config, type.get());
        }
    }

    /**
     * Returns the type of the file system that a path is on; empty if the system does not report it, as in a chroot
     * whose root is no mount point.
     */
    public static Optional<String> type(Path path) {
        try {
            return Optional.of(Files.getFileStore(path).type());
        } catch (IOException unknown) {
            return Optional.empty();
        }
    }

    static void check(KeptHome home, KeptConfig config, String type) throws IOException {
        if (isNetwork(type) && !config.tape().allowNetworkDisk()) {
            throw new IOException(home.directory() + " lies on a network file system (" + type
                    + "), where two machines could keep one home and a forced write is not sure. Set "
                    + KeptHome.VARIABLE
                    + " to a folder on a disk of this machine; or, if no other machine runs Kept there, set tape:"
                    + " {allowNetworkDisk: true} in " + home.configFile());
        }
    }
}
