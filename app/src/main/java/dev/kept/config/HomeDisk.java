package dev.kept.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What kind of disk the home lies on. Over a network a lock may hold on one machine only, so that two daemons write one
 * tape, and what was forced to disk may be in another machine's memory: there nothing that Kept promises is sure.
 */
public final class HomeDisk {
    private static final Set<String> NETWORK = Set.of(
            "nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ceph", "fuse.glusterfs", "lustre");

    private HomeDisk() {}

    /** True for the name of a file system whose files are another machine's, as {@link java.nio.file.FileStore#type} gives it. */
    public static boolean isNetwork(String type) {
        return NETWORK.contains(type);
    }

    /**
     * Refuses a home on a network, unless the owner allows it.
     *
     * @throws IOException with what to do about it
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
     * The kind of file system that a path lies on; empty where the system does not tell, as for a root that was changed to a
     * folder on no mount point of its own.
     */
    public static Optional<String> type(Path path) {
        try {
            return Optional.of(Files.getFileStore(path).type());
        } catch (IOException untold) {
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
