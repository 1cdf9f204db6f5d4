package dev.kept.provider;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The names of files that come and go while programs work: temporary ones, locks, journals of databases, swap files of
 * editors, and what file systems and desktops leave. Such a file is not unknown where an agent does not count it
 * among its
 * own: it holds nothing that its owner would miss. Stateless and thread-safe.
 */
public final class TransientFile {
    private static final Pattern NAME = Pattern.compile(
            String.join(
                    "|",
                    // On the way to another file's place.
                    ".*\\.(tmp|temp|part|partial|crdownload)([.~_-].*)?",
                    "\\.?tmp([._-].*|[A-Za-z0-9_]{6,})?",
                    "\\.goutputstream-.*|\\.sb-.*|\\.syncthing\\..*|~syncthing~.*",
                    "\\.[^.].*\\.(?=[a-z0-9]*[A-Z])[A-Za-z0-9]{6}",
                    // Says that something is in use.
                    ".*\\.(lock|lck|pid)(\\..*)?",
                    "\\.?lock|LOCK|\\.~lock\\..*#",
                    // Beside a database while it is open.
                    ".*-(wal|shm|journal)",
                    // An editor's.
                    "\\.#.*|#.*#|.*~|\\..*\\.sw[a-z]|4913",
                    // A file system's or a desktop's.
                    "\\.nfs[0-9a-fA-F]+|\\.fuse_hidden.*|\\.DS_Store|\\._.*|Thumbs\\.db|desktop\\.ini"),
            Pattern.DOTALL);

    private TransientFile() {}

    /** Reports whether a file comes and goes, by its name alone. */
    public static boolean isOne(Path file) {
        return NAME.matcher(String.valueOf(file.getFileName())).matches();
    }
}
