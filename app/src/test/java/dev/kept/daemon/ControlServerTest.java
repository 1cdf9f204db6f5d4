package dev.kept.daemon;

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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ControlServerTest {
    @TempDir
    private Path temporary;

    private KeptHome home;

    @BeforeEach
    void makeHome() throws IOException {
        home = new KeptHome(temporary.resolve("kept"), temporary);
        home.createDirectories();
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
                    new ControlRequest.Ping())) {
                assertThat(client().ask(request)).hasValue("\"" + request.name() + " ✓\"");
                assertThat(ControlRequest.read(request.toJson())).hasValue(request);
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
