package dev.kept.testing;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Has the launcher under test make the AOT caches that it starts quickly with, as a person who started it once
 * has them. Before all tests of a process, so that no test's time counts it.
 */
public final class AotCaches implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        String launcher = System.getProperty("kept.launcher");
        if (launcher != null) {
            try {
                prepare(Path.of(launcher));
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Waits for another process that makes them; makes none if they are newer than the jar. */
    private static void prepare(Path launcher) throws IOException, InterruptedException {
        Path program = launcher.toRealPath().resolveSibling("app/target");
        Path last = program.resolve("kept-daemon.aot");
        Path lockFile = program.resolve("training.lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            if (Files.exists(last)
                    && Files.getLastModifiedTime(last).compareTo(Files.getLastModifiedTime(program.resolve("kept.jar")))
                            > 0) {
                return;
            }
            Path home = Files.createTempDirectory("kept-training");
            ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "train")
                    .directory(home.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("out").toFile());
            builder.environment().put("HOME", home.toString());
            builder.environment().put("KEPT_JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("KEPT_REBUILD", "no");
            Process training = builder.start();
            if (!training.waitFor(3, TimeUnit.MINUTES) || training.exitValue() != 0) {
                throw new IOException("kept train failed: " + Files.readString(home.resolve("out")));
            }
        }
    }
}
