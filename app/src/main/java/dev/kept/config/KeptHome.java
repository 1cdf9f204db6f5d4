package dev.kept.config;

import dev.kept.text.ForeignPath;
import dev.kept.text.ShellWord;
import dev.kept.text.TerminalText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The directory that holds everything Kept owns, and the path of each part in it.
 *
 * @param directory absolute; {@code KEPT_HOME}, or {@code ~/.kept}
 * @param userHome the person's home directory, which {@code ~/} refers to
 */
public record KeptHome(Path directory, Path userHome) {
    /** The environment variable that moves the directory. */
    public static final String VARIABLE = "KEPT_HOME";

    /** The beginning of the names of sockets that a launch bound. */
    public static final String HANDED_SOCKET = "new.";

    /** Unix socket addresses hold 108 bytes with a closing zero on Linux and 104 elsewhere. */
    private static final int LONGEST_SOCKET_PATH = 103;

    public KeptHome {
        directory = directory.toAbsolutePath().normalize();
        userHome = userHome.toAbsolutePath().normalize();
    }

    /**
     * Returns the home that these environment variables select. {@code HOME} takes precedence over the user database.
     */
    public static KeptHome fromEnvironment(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        Path userHome = Path.of(home.isEmpty() ? System.getProperty("user.home", "/") : home);
        String own = environment.getOrDefault(VARIABLE, "");
        return new KeptHome(own.isEmpty() ? userHome.resolve(".kept") : Path.of(own), userHome);
    }

    public Path configFile() {
        return directory.resolve("config.yaml");
    }

    public Path tapes() {
        return directory.resolve("tapes");
    }

    /** Returns the file with the home's {@link HomeFormat}. */
    public Path formatFile() {
        return tapes().resolve("format");
    }

    public Path journals() {
        return directory.resolve("journals");
    }

    public Path recordings() {
        return directory.resolve("recordings");
    }

    /**
     * Returns the file with the key of the markers that replace secrets; without it this installation cannot resolve
     * them.
     */
    public Path markerKey() {
        return directory.resolve("marker.key");
    }

    /** Returns the directory of caches that can be rebuilt; deleting them is harmless. */
    public Path state() {
        return directory.resolve("state");
    }

    /** Returns the file with the tapes that the daemon is reading, for its successor after a crash. */
    public Path readingFile() {
        return state().resolve("reading");
    }

    /** Returns the file with the sources that the daemon was reading when it ended unexpectedly. */
    public Path setAsideFile() {
        return state().resolve("set-aside.json");
    }

    public Path run() {
        return directory.resolve("run");
    }

    public Path logs() {
        return directory.resolve("logs");
    }

    public Path controlSocket() {
        return run().resolve("control.sock");
    }

    /**
     * Returns the control socket of a process as its launch bound it, before that process owns the home; the name is no
     * longer than the socket's own.
     */
    public Path handedSocket(long pid) {
        return run().resolve(HANDED_SOCKET + pid);
    }

    public Path lockFile() {
        return run().resolve("lock");
    }

    public Path pidFile() {
        return run().resolve("daemon.pid");
    }

    public Path statusFile() {
        return run().resolve("status.json");
    }

    /** Returns the file that describes the daemon's confinement, as the launching process applied it. */
    public Path sandboxFile() {
        return run().resolve("sandbox.json");
    }

    /** Returns the file that exists, and is recent, while the daemon exits only to be relaunched. */
    public Path relaunchingFile() {
        return run().resolve("relaunching");
    }

    /** Returns the file with the times and reasons of recent relaunches. */
    public Path relaunchesFile() {
        return run().resolve("relaunches.json");
    }

    /** Returns the file with the output of the daemon's process: empty, unless it cannot start. */
    public Path daemonOutput() {
        return logs().resolve("daemon.out");
    }

    /** Returns the file with the end of earlier output, for output that became too long. */
    public Path earlierDaemonOutput() {
        return logs().resolve("daemon.out.1");
    }

    /** Returns the file in which the supervisor records how the daemon last ended unexpectedly. */
    public Path lastEndFile() {
        return logs().resolve("last-end");
    }

    /** Returns the file with the output of the daemon before that end. */
    public Path lastEndOutput() {
        return logs().resolve("last-end.out");
    }

    /**
     * Returns the file that names the process which relaunches the daemon after such an end; without the file none
     * does.
     */
    public Path supervisorFile() {
        return run().resolve("supervisor.pid");
    }

    /** Returns the file that asks the supervisor to launch the daemon at once. */
    public Path launchNowFile() {
        return run().resolve("launch-now");
    }

    public Path operationalLog() {
        return logs().resolve("operational.jsonl");
    }

    public Path auditLog() {
        return logs().resolve("security-audit.jsonl");
    }

    /** Returns the directory for {@code java.io.tmpdir}: no file of the daemon is where other users can look. */
    public Path temporary() {
        return run().resolve("tmp");
    }

    /**
     * Creates missing directories and removes all permissions of other users, whatever the umask.
     *
     * @throws IOException if a directory cannot be created, or the control socket's path would be too long for a socket
     */
    public void createDirectories() throws IOException {
        int length = controlSocket().toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_SOCKET_PATH) {
            throw new IOException(controlSocket() + " is too long for a socket (" + length + " bytes of "
                    + LONGEST_SOCKET_PATH + "); set " + VARIABLE + " to a shorter directory");
        }
        PrivateFiles.createDirectory(directory);
        for (Path each : folders()) {
            PrivateFiles.createDirectory(each);
        }
        PrivateFiles.createDirectory(temporary());
    }

    /**
     * Returns the folders that the daemon writes to. Everything beside them, such as the configuration, is its owner's.
     */
    public List<Path> folders() {
        return List.of(tapes(), journals(), recordings(), state(), run(), logs());
    }

    /**
     * Returns the path from another source in a form for people; if it is no path, or not absolute, the text itself on
     * one line.
     */
    public String forPeople(String path) {
        return ForeignPath.absolute(path).map(this::forPeople).orElseGet(() -> TerminalText.line(path));
    }

    /** Returns a path quoted as a word of a shell command that a person may paste. */
    public String shellWord(Path path) {
        return ShellWord.of(path.toAbsolutePath().normalize(), userHome);
    }

    /** Returns the path for people: {@code ~/…} if it is in the home directory, without terminal control characters. */
    public String forPeople(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        if (absolute.equals(userHome)) {
            return "~";
        }
        boolean below = absolute.startsWith(userHome) && userHome.getNameCount() > 0;
        return TerminalText.line(below ? "~/" + userHome.relativize(absolute) : absolute.toString());
    }
}
