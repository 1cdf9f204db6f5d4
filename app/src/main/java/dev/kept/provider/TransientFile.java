package dev.kept.provider;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The names of files that come and go while programs run: temporary files, locks, journals of databases, swap files of
 * editors, and files that file systems and desktops leave behind. If an agent does not count such a file among its own,
 * it is not reported as unknown: it holds nothing that its owner would miss. Stateless and thread-safe.
 */
public final class TransientFile {
    private static final Pattern NAME = Pattern.compile(
            String.join(
                    "|",
                    // To be moved to the place of another file.
                    ".*\\.(tmp|temp|part|partial|crdownload)([.~_-].*)?",
                    "\\.?tmp([._-].*|[A-Za-z0-9_]{6,})?",
                    "\\.goutputstream-.*|\\.sb-.*|\\.syncthing\\..*|~syncthing~.*",
                    "\\.[^.].*\\.(?=[a-z0-9]*[A-Z])[A-Za-z0-9]{6}",
                    // Marks of something that is in use.
                    ".*\\.(lock|lck|pid)(\\..*)?",
                    "\\.?lock|LOCK|\\.~lock\\..*#",
                    // Beside an open database.
                    ".*-(wal|shm|journal)",
                    // Files of editors.
                    "\\.#.*|#.*#|.*~|\\..*\\.sw[a-z]|4913",
                    // Files of file systems and desktops.
                    "\\.nfs[0-9a-fA-F]+|\\.fuse_hidden.*|\\.DS_Store|\\._.*|Thumbs\\.db|desktop\\.ini"),
            Pattern.DOTALL);

    private TransientFile() {}

    /** Reports whether a file is transient, by its name alone. */
    public static boolean matches(Path file) {
        return NAME.matcher(String.valueOf(file.getFileName())).matches();
    }
}
