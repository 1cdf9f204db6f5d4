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
 * The directory that holds everything Kept owns, and the place of each part in it.
 *
 * @param directory absolute; {@code KEPT_HOME}, or {@code ~/.kept}
 * @param userHome the person's home directory, which {@code ~/} stands for
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

    /** The home that these environment variables ask for. {@code HOME} wins over what the user database says. */
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

    /** What makes the markers in the place of secrets this installation's own; without it they cannot be resolved. */
    public Path markerKey() {
        return directory.resolve("marker.key");
    }

    /** Caches that can be rebuilt; deleting them is harmless. */
    public Path state() {
        return directory.resolve("state");
    }

    /** Which tapes the daemon is reading, for the one that follows it. */
    public Path readingFile() {
        return state().resolve("reading");
    }

    /** Which sources the daemon was reading when it ended unexpectedly. */
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
     * The control socket of a process as its launch bound it, before that process has the home; no longer a name than the
     * socket's own.
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

    /** What confines the daemon, as the launching process put it on. */
    public Path sandboxFile() {
        return run().resolve("sandbox.json");
    }

    /** Is there, and young, while the daemon ends only to be launched anew. */
    public Path relaunchingFile() {
        return run().resolve("relaunching");
    }

    /** When and why the daemon started itself anew, lately. */
    public Path relaunchesFile() {
        return run().resolve("relaunches.json");
    }

    /** What the daemon's process itself prints: nothing, unless it cannot start. */
    public Path daemonOutput() {
        return logs().resolve("daemon.out");
    }

    /** The end of what it printed before, where that became too long. */
    public Path earlierDaemonOutput() {
        return logs().resolve("daemon.out.1");
    }

    /** How the daemon ended last when nobody had asked for it: its supervisor's facts. */
    public Path lastEndFile() {
        return logs().resolve("last-end");
    }

    /** What the daemon printed before that end. */
    public Path lastEndOutput() {
        return logs().resolve("last-end.out");
    }

    /** The process that launches the daemon again after such an end; without the file nobody does. */
    public Path supervisorFile() {
        return run().resolve("supervisor.pid");
    }

    /** Somebody wants the daemon at once: its supervisor waits no longer. */
    public Path launchNowFile() {
        return run().resolve("launch-now");
    }

    public Path operationalLog() {
        return logs().resolve("operational.jsonl");
    }

    public Path auditLog() {
        return logs().resolve("security-audit.jsonl");
    }

    /** For {@code java.io.tmpdir}: nothing of the daemon lies where others can look. */
    public Path temporary() {
        return run().resolve("tmp");
    }

    /**
     * Creates what is missing of the directories and takes everybody else's rights away, whatever the umask.
     *
     * @throws IOException if a directory cannot be made, or the control socket's path would be too long for a socket
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

    /** The folders that the daemon writes to. What lies beside them, such as the configuration, is its owner's. */
    public List<Path> folders() {
        return List.of(tapes(), journals(), recordings(), state(), run(), logs());
    }

    /** A path of somebody else's for people; on one line as it is where it is none, or not from the root on. */
    public String forPeople(String path) {
        return ForeignPath.absolute(path).map(this::forPeople).orElseGet(() -> TerminalText.line(path));
    }

    /** A path as a word of a command that a person may paste. */
    public String shellWord(Path path) {
        return ShellWord.of(path.toAbsolutePath().normalize(), userHome);
    }

    /** The path for people: {@code ~/…} where it lies in the home directory, without what drives a terminal. */
    public String forPeople(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        if (absolute.equals(userHome)) {
            return "~";
        }
        boolean below = absolute.startsWith(userHome) && userHome.getNameCount() > 0;
        return TerminalText.line(below ? "~/" + userHome.relativize(absolute) : absolute.toString());
    }
}
