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

/**
 * Waits for the operating system to say which files changed. A hint only: what it misses, the sweep finds. Its thread
 * ({@code kept-watch}) touches no file.
 */
final class SourceWatcher implements Closeable {
    private final WatchService service;
    private final TouchedPaths touched;
    private final Thread thread;

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
        directory.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = service.take();
                for (WatchEvent<?> event : key.pollEvents()) {
                    if (event.kind().equals(OVERFLOW)) {
                        touched.requestSweep();
                    } else if (event.context() instanceof Path name && key.watchable() instanceof Path directory) {
                        touched.touch(directory.resolve(name));
                    }
                }
                if (!key.reset()) {
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
