package dev.kept.ingest;

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

/**
 * Waits for the operating system to say which files changed. A hint only: what it misses, the sweep finds. Its thread
 * ({@code kept-watch}) touches no file.
 */
final class SourceWatcher implements Closeable {
    private final WatchService service;
    private final TouchedPaths touched;
    private final Thread thread;
    private final Map<WatchKey, Path> watched = new ConcurrentHashMap<>();

    SourceWatcher(TouchedPaths touched) throws IOException {
        this.service = FileSystems.getDefault().newWatchService();
        this.touched = touched;
        this.thread = Thread.ofPlatform().name("kept-watch").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Watches the entries of a directory, not those below. */
    void watch(Path directory) throws IOException {
        // A directory that was renamed keeps its key, and the key its old path.
        watched.put(directory.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE), directory);
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = service.take();
                Path directory = watched.getOrDefault(key, (Path) key.watchable());
                for (WatchEvent<?> event : key.pollEvents()) {
                    if (event.kind().equals(OVERFLOW)) {
                        touched.requestSweep();
                    } else if (event.context() instanceof Path name) {
                        touched.touch(directory.resolve(name));
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
    public void close() throws IOException {
        service.close();
    }
}
