package dev.kept.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kept.config.KeptHome;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ControlServerTest {
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    @TempDir
    private Path temporary;

    private KeptHome home;

    @BeforeEach
    void makeHome() throws IOException {
        home = new KeptHome(temporary.resolve("kept"), temporary);
        home.createDirectories();
    }

    private static ControlListener heard(List<String> refused, List<String> faults) {
        return new ControlListener() {
            @Override
            public void refused(String user, long times) {
                refused.add(user + " " + times);
            }

            @Override
            public void fault(String code, String detail, long times) {
                faults.add(code + " " + times);
            }
        };
    }

    private static ControlConnection.Limits limits(int request, int answer, int patience) {
        return new ControlConnection.Limits(
                Duration.ofMillis(request), Duration.ofMillis(answer), Duration.ofMillis(patience));
    }

    private List<SocketChannel> connect(int clients) throws IOException {
        List<SocketChannel> channels = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            channels.add(SocketChannel.open(UnixDomainSocketAddress.of(home.controlSocket())));
        }
        return channels;
    }

    private static void close(List<SocketChannel> channels) throws IOException {
        for (SocketChannel each : channels) {
            each.close();
        }
    }

    private ControlClient client() {
        return new ControlClient(home, Duration.ofSeconds(10));
    }

    @Test
    void everyRequestReachesTheHandlerAndItsAnswerComesBack() throws Exception {
        try (ControlServer _ = ControlServer.open(home, request -> ControlAnswer.of("\"" + request.name() + " ✓\""))) {
            for (ControlRequest request : List.of(
                    new ControlRequest.Status(),
                    new ControlRequest.Stop(),
                    new ControlRequest.Relaunch(),
                    new ControlRequest.Confinement(),
                    new ControlRequest.Seal(Optional.empty()),
                    new ControlRequest.Seal(Optional.of(Duration.ofDays(3))),
                    new ControlRequest.Ping())) {
                assertThat(client().ask(request)).hasValue("\"" + request.name() + " ✓\"");
                assertThat(ControlRequest.read(request.toJson())).hasValue(request);
            }
        }
    }

    @Test
    void aDaemonThatCannotAnswerSaysWhyToWhoeverAsks() throws Exception {
        try (ControlServer _ = ControlServer.open(home, _ -> {
            throw new IllegalStateException("odd");
        })) {
            for (ControlRequest request : List.of(
                    new ControlRequest.Status(),
                    new ControlRequest.Status(ControlRequest.Form.TEXT, true, true),
                    new ControlRequest.Ping(),
                    new ControlRequest.Seal(Optional.empty()))) {
                assertThatThrownBy(() -> client().ask(request))
                        .isInstanceOf(ControlClient.ErrorAnswerException.class)
                        .hasMessage("the daemon failed to answer (IllegalStateException); try: kept restart");
            }
        }
    }

    @Test
    void onlyTheOwnerCanOpenTheSocketAndItGoesWithTheServer() throws Exception {
        try (ControlServer _ = ControlServer.open(home, _ -> ControlAnswer.of("{}"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.controlSocket())))
                    .isEqualTo("rw-------");
        }
        assertThat(home.controlSocket()).doesNotExist();
        assertThat(client().ask(new ControlRequest.Ping())).isEmpty();
    }

    @Test
    void anotherUserIsRefusedAndCountedEvenWhereTheRightsWouldLetThemIn() throws Exception {
        if (!System.getProperty("user.name").equals("root") || !Files.isExecutable(SETPRIV)) {
            System.out.println("ANOTHER USER LEFT OUT: only root can run the test's client as somebody else");
            Assumptions.abort("not root");
        }
        List<String> refused = Collections.synchronizedList(new ArrayList<>());
        List<String> faults = Collections.synchronizedList(new ArrayList<>());
        try (ControlServer _ = ControlServer.open(home, _ -> ControlAnswer.of("{}"), heard(refused, faults))) {
            Path directory = home.run();
            while (directory != null && !directory.equals(directory.getRoot())) {
                if (!Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
                }
                directory = directory.getParent();
            }
            Files.setPosixFilePermissions(home.controlSocket(), PosixFilePermissions.fromString("rw-rw-rw-"));
            for (int i = 0; i < 3; i++) {
                assertThat(askAsNobody()).isEqualTo("closed");
            }
            assertThat(client().ask(new ControlRequest.Ping())).hasValue("{}");
        }
        assertThat(refused).hasSize(1).allMatch(who -> who.endsWith(" 1"));
    }

    /** What a program of another user gets: {@code closed}, or the number of bytes that came. */
    private String askAsNobody() throws Exception {
        Path program = Files.writeString(temporary.resolve("Ask.java"), """
                import java.net.*;
                import java.nio.*;
                import java.nio.channels.*;
                import java.nio.file.*;

                public class Ask {
                    public static void main(String[] arguments) throws Exception {
                        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(arguments[0]))) {
                            byte[] question = "{\\"request\\":\\"ping\\"}".getBytes();
                            ByteBuffer frame = ByteBuffer.allocate(4 + question.length);
                            int got;
                            try {
                                channel.write(frame.putInt(question.length).put(question).flip());
                                got = channel.read(ByteBuffer.allocate(100));
                            } catch (java.io.IOException reset) {
                                got = -1;
                            }
                            System.out.print(got < 0 ? "closed" : "" + got);
                        }
                    }
                }
                """);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rw-r--r--"));
        Process process = new ProcessBuilder(
                        SETPRIV.toString(),
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        program.toString(),
                        home.controlSocket().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void aSocketThatADeadDaemonLeftIsReplaced() throws Exception {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(home.controlSocket()));
        }
        assertThat(home.controlSocket()).exists();
        assertThat(client().ask(new ControlRequest.Ping())).isEmpty();

        try (ControlServer _ = ControlServer.open(home, _ -> ControlAnswer.of("{}"))) {
            assertThat(client().ask(new ControlRequest.Ping())).hasValue("{}");
        }
    }

    /** The daemon deletes its socket as it ends: many times, each a little later after the question began. */
    @Test
    void whoAsksWhileTheSocketGoesFindsNobodyRatherThanAFailure() throws Exception {
        SynchronousQueue<Integer> rounds = new SynchronousQueue<>();
        AtomicInteger begun = new AtomicInteger();
        Thread ending = Thread.ofPlatform().daemon().start(() -> {
            try {
                for (int round = rounds.take(); round > 0; round = rounds.take()) {
                    begun.set(round);
                    for (int i = 0; i < round % 400 * 10; i++) {
                        Thread.onSpinWait();
                    }
                    Files.delete(home.controlSocket());
                }
            } catch (InterruptedException | IOException e) {
                throw new IllegalStateException(e);
            }
        });
        for (int round = 1; round <= 4_000; round++) {
            try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                dead.bind(UnixDomainSocketAddress.of(home.controlSocket()));
            }
            rounds.put(round);
            while (begun.get() < round) {
                Thread.onSpinWait();
            }
            assertThat(client().ask(new ControlRequest.Ping()))
                    .as("round %d", round)
                    .isEmpty();
            while (ending.isAlive() && Files.exists(home.controlSocket())) {
                Thread.onSpinWait();
            }
        }
        rounds.put(0);
        ending.join();
    }

    @Test
    void largeAnswersArriveWholeAndManyClientsAreServedAtOnce() throws Exception {
        String large = "\"" + "ü".repeat(3_000_000) + "\"";
        try (ControlServer _ = ControlServer.open(home, _ -> ControlAnswer.of(large))) {
            List<Thread> clients = new ArrayList<>();
            List<Integer> lengths = java.util.Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < 8; i++) {
                clients.add(Thread.ofVirtual().start(() -> {
                    try {
                        lengths.add(client().ask(new ControlRequest.Status())
                                .orElse("")
                                .length());
                    } catch (IOException e) {
                        lengths.add(-1);
                    }
                }));
            }
            for (Thread each : clients) {
                each.join();
            }
            assertThat(lengths).hasSize(8).allMatch(length -> length == large.length());
        }
    }

    @Test
    void whoSpeaksNonsenseOrNothingDisturbsNobody() throws Exception {
        try (ControlServer _ = ControlServer.open(home, _ -> ControlAnswer.of("{}"));
                SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(home.controlSocket()));
                SocketChannel huge = SocketChannel.open(UnixDomainSocketAddress.of(home.controlSocket()))) {
            huge.write(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).flip());
            assertThat(huge.read(ByteBuffer.allocate(1))).isEqualTo(-1);

            try (SocketChannel unknown = SocketChannel.open(UnixDomainSocketAddress.of(home.controlSocket()))) {
                ControlFrames.write(unknown, "{\"request\":\"dance\"}");
                assertThat(ControlFrames.read(unknown, 1000)).contains("kept restart");
            }
            assertThat(client().ask(new ControlRequest.Ping())).hasValue("{}");
            assertThat(silent.isOpen()).isTrue();
        }
    }

    @Test
    void clientsThatSendNothingOrOnlyABeginningKeepNobodyFromAnAnswerAndAreOneLineInTheLog() throws Exception {
        List<String> faults = Collections.synchronizedList(new ArrayList<>());
        // No deadline of its own ends them: only that others need their places.
        try (ControlServer _ = ControlServer.open(
                home, _ -> ControlAnswer.of("{}"), heard(new ArrayList<>(), faults), limits(600_000, 600_000, 10))) {
            List<SocketChannel> silent = connect(40);
            List<SocketChannel> halfway = connect(60);
            for (SocketChannel each : halfway) {
                each.write(ByteBuffer.allocate(5).putInt(1000).put((byte) '{').flip());
            }
            for (int i = 0; i < 5; i++) {
                assertThat(client().ask(new ControlRequest.Ping())).hasValue("{}");
            }
            close(silent);
            close(halfway);
            assertThat(client().ask(new ControlRequest.Ping())).hasValue("{}");
        }
        assertThat(faults).contains("control.crowded 1").doesNotHaveDuplicates();
    }

    @Test
    void clientsThatDoNotReadTheirAnswersKeepNobodyFromAnAnswer() throws Exception {
        List<String> faults = Collections.synchronizedList(new ArrayList<>());
        String large = "\"" + "x".repeat(3_000_000) + "\"";
        try (ControlServer _ = ControlServer.open(
                home,
                request -> ControlAnswer.of(request instanceof ControlRequest.Status ? large : "{}"),
                heard(new ArrayList<>(), faults),
                limits(600_000, 600_000, 10))) {
            List<SocketChannel> deaf = connect(40);
            for (SocketChannel each : deaf) {
                ControlFrames.write(each, new ControlRequest.Status().toJson());
            }
            assertThat(client().ask(new ControlRequest.Ping())).hasValue("{}");
            assertThat(client().ask(new ControlRequest.Status())).hasValue(large);
            close(deaf);
        }
        assertThat(faults).contains("control.crowded 1");
    }

    @Test
    void whoTakesTooLongIsGivenUpByItself() throws Exception {
        List<String> faults = Collections.synchronizedList(new ArrayList<>());
        String large = "\"" + "x".repeat(3_000_000) + "\"";
        try (ControlServer _ = ControlServer.open(
                home, _ -> ControlAnswer.of(large), heard(new ArrayList<>(), faults), limits(100, 100, 600_000))) {
            List<SocketChannel> silent = connect(3);
            for (SocketChannel each : silent) {
                assertThat(each.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
            SocketChannel deaf = connect(1).getFirst();
            ControlFrames.write(deaf, new ControlRequest.Status().toJson());
            Awaitility.await().until(() -> faults.contains("control.unread 1"));
            assertThat(faults).containsExactlyInAnyOrder("control.silent 1", "control.unread 1");
            close(silent);
            deaf.close();
        }
    }

    @Test
    void aThousandFaultyClientsAreOneLineForEachKindOfFault() throws Exception {
        List<String> faults = Collections.synchronizedList(new ArrayList<>());
        try (ControlServer _ = ControlServer.open(
                home,
                request -> {
                    if (request instanceof ControlRequest.Stop) {
                        throw new IllegalStateException("odd");
                    }
                    return ControlAnswer.of("{}");
                },
                heard(new ArrayList<>(), faults))) {
            for (int i = 0; i < 200; i++) {
                close(connect(1));
                SocketChannel huge = connect(1).getFirst();
                huge.write(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).flip());
                assertThat(huge.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                huge.close();
                SocketChannel unknown = connect(1).getFirst();
                ControlFrames.write(unknown, "{\"request\":\"dance\"}");
                assertThat(ControlFrames.read(unknown, 1000)).contains("kept restart");
                unknown.close();
                SocketChannel failing = connect(1).getFirst();
                ControlFrames.write(failing, new ControlRequest.Stop().toJson());
                assertThat(ControlFrames.read(failing, 1000)).contains("IllegalStateException");
                failing.close();
            }
            assertThat(client().ask(new ControlRequest.Ping())).hasValue("{}");
        }
        assertThat(faults)
                .containsExactlyInAnyOrder(
                        "control.gone 1", "control.malformed 1", "control.unknown 1", "control.failed 1");
    }

    @Test
    void aDaemonThatDoesNotAnswerIsNotWaitedForForEver() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (ControlServer _ = ControlServer.open(home, _ -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return ControlAnswer.of("{}");
        })) {
            ControlClient hasty = new ControlClient(home, Duration.ofMillis(100));
            assertThatThrownBy(() -> hasty.ask(new ControlRequest.Ping())).hasMessageContaining("did not answer");
            never.countDown();
        }
    }
}
