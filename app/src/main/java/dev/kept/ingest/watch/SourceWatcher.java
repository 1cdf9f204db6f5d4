package dev.kept.ingest.watch;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the operating system to report which files changed. Reports are only hints: the sweep finds what they miss.
 * Its thread ({@code kept-watch}) touches no file. If the system has no watches left, the next {@link #watch} asks
 * again.
 */
public final class SourceWatcher implements Closeable {
    private final ChangedPaths touched;
    private @Nullable WatchService service;
    private boolean closed;
    /** Watched directories, by the path that the agent knows. */
    private final Map<WatchKey, Path> watched = new ConcurrentHashMap<>();
    /** Links that are session files themselves, by their target. */
    private final Map<Path, Path> linkedFiles = new ConcurrentHashMap<>();

    public SourceWatcher(ChangedPaths touched) {
        this.touched = touched;
    }

    /**
     * Watches the entries of a directory, not those of its subdirectories. Any thread, one at a time.
     *
     * @param directory the path by which the agent knows it
     * @param place the path where it is
     */
    public synchronized void watch(Path directory, Path place) throws IOException {
        WatchKey key = register(place);
        if (!directory.equals(place)) {
            // The earlier target of the link is not used any more.
            watched.entrySet().removeIf(each -> {
                boolean former =
                        each.getValue().equals(directory) && !each.getKey().equals(key);
                if (former) {
                    each.getKey().cancel();
                }
                return former;
            });
        }
        // A directory that was renamed keeps its key, and the key its old path.
        watched.put(key, directory);
    }

    /**
     * Watches a file that a link leads to. Any thread, one at a time.
     *
     * @param link the link's path as the agent knows it
     * @param place the path of its target
     */
    public synchronized void watchFile(Path link, Path place) throws IOException {
        Path folder = place.getParent();
        if (folder != null && !link.equals(linkedFiles.get(place))) {
            linkedFiles.values().removeIf(link::equals);
            linkedFiles.put(place, link);
            WatchKey key = register(folder);
            watched.putIfAbsent(key, folder);
        }
    }

    private WatchKey register(Path directory) throws IOException {
        if (closed) {
            throw new ClosedWatchServiceException();
        }
        WatchService reports = service;
        if (reports == null) {
            reports = FileSystems.getDefault().newWatchService();
            service = reports;
            WatchService opened = reports;
            Thread.ofPlatform().name("kept-watch").daemon().start(() -> run(opened));
        }
        return directory.register(reports, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
    }

    private void run(WatchService reports) {
        try {
            while (true) {
                WatchKey key = reports.take();
                Path directory = watched.getOrDefault(key, (Path) key.watchable());
                for (WatchEvent<?> event : key.pollEvents()) {
                    if (event.kind().equals(OVERFLOW)) {
                        touched.requestSweep();
                    } else if (event.context() instanceof Path name) {
                        touched.touch(directory.resolve(name));
                        Path link = linkedFiles.get(((Path) key.watchable()).resolve(name));
                        if (link != null) {
                            touched.touch(link);
                        }
                    }
                }
                if (!key.reset()) {
                    watched.remove(key);
                    touched.requestSweep();
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException stopped) {
            // Closed: the daemon ends.
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        WatchService reports = service;
        if (reports != null) {
            reports.close();
        }
    }
}
