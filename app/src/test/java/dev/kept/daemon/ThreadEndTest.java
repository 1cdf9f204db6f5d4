package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import dev.kept.control.ExitCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real daemon, one of whose threads is ended by an error wherever it is at that moment, by way of a debugger. */
@Timeout(120)
class ThreadEndTest {
    private static final String DEBUGGER = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0";

    private static final int ABORTED = 134;

    @TempDir
    private Path temporary;

    private static VirtualMachine attach(String port) throws Exception {
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(each -> each.transport().name().equals("dt_socket"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        Objects.requireNonNull(arguments.get("hostname")).setValue("127.0.0.1");
        Objects.requireNonNull(arguments.get("port")).setValue(port);
        return connector.attach(arguments);
    }

    private static Optional<ThreadReference> thread(VirtualMachine machine, String name) {
        return machine.allThreads().stream()
                .filter(each -> each.name().equals(name))
                .findFirst();
    }

    /** The port that the daemon's runtime told of. */
    private String port() throws Exception {
        try (Stream<String> lines = Files.lines(temporary.resolve("daemon.err"), StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.startsWith("Listening for transport dt_socket"))
                    .map(line -> line.substring(line.lastIndexOf(' ') + 1).trim())
                    .map(address -> address.substring(address.lastIndexOf(':') + 1))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "main",
                "kept-pipeline",
                "kept-ingest",
                "kept-watch",
                "kept-log",
                "kept-watchdog",
                "kept-journal",
                "kept-replay",
                "kept-write-0"
            })
    void theEndOfAThreadByAnErrorIsTheEndOfTheDaemonAndNothingIsLost(String name) throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(temporary, List.of(), UnaryOperator.identity())
                .withFlag(DEBUGGER)
                .start()) {
            ClaudeSession session = daemon.session("end");
            session.personSays();
            session.person("::capture end.md");
            daemon.awaitTurns(daemon.work().resolve("end.md"), session.turns());
            VirtualMachine machine = attach(port());
            ThreadReference thread = thread(machine, name).orElseThrow();
            ObjectReference error = machine.classesByName("java.lang.OutOfMemoryError")
                    .getFirst()
                    .instances(1)
                    .getFirst();
            thread.stop(error);
            // Whatever it waits for may come late.
            session.agentSays();
            assertThat(daemon.process().waitFor(30, TimeUnit.SECONDS))
                    .as("the daemon ends")
                    .isTrue();
            // Where main ends, what it closes on its way may be missed first.
            assertThat(Files.readString(temporary.resolve("daemon.err")))
                    .containsAnyOf("ended the thread " + name + ":", name.equals("main") ? " has ended" : "\0");
            // The debugger's own agent may abort in a process that halts under it.
            assertThat(daemon.process().exitValue()).isIn(ExitCode.FAULT, ABORTED);
            daemon.start();
            daemon.awaitTurns(daemon.work().resolve("end.md"), session.turns());
        }
    }
}
