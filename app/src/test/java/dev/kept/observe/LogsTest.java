package dev.kept.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.KeptHome;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    @TempDir
    private Path temporary;

    private KeptHome home;

    @BeforeEach
    void makeHome() throws IOException {
        home = new KeptHome(temporary.resolve("kept"), temporary);
        home.createDirectories();
    }

    @Test
    void anEntryIsOneLineOfJsonInAFileOfTheOwnersAlone() throws IOException {
        try (OperationalLog log = OperationalLog.open(home, CLOCK)) {
            log.info("daemon.started", Map.of("pid", "7", "home", "/a\n\"b\""));
        }

        assertThat(home.operationalLog()).hasContent("""
                {"at":"2026-01-02T03:04:05Z","kind":"info","code":"daemon.started","home":"/a\\n\\"b\\"","pid":"7"}
                """);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.operationalLog())))
                .isEqualTo("rw-------");
    }

    @Test
    void anErrorThatRepeatsIsCounted() throws IOException {
        try (OperationalLog log = OperationalLog.open(home, CLOCK)) {
            FileNotFoundException cause = new FileNotFoundException("/gone");
            for (int i = 0; i < 123; i++) {
                log.error("source.unreadable", cause, Map.of("source", "a"));
            }
            log.error("source.unreadable", cause, Map.of("source", "b"));
        }

        List<String> lines = Files.readAllLines(home.operationalLog());
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).contains("\"kind\":\"error\"", "FileNotFoundException", "/gone");
        assertThat(lines.get(1)).contains("\"kind\":\"repeated\"", "\"count\":\"10\"");
        assertThat(lines.get(2)).contains("\"count\":\"100\"");
        assertThat(lines.get(3)).contains("\"source\":\"b\"");
        assertThat(lines.get(4)).contains("\"count\":\"123\"", "\"source\":\"a\"");
    }

    @Test
    void whatAParserMayHaveQuotedIsNotLogged() throws IOException {
        try (OperationalLog log = OperationalLog.open(home, CLOCK)) {
            log.error("parser.failed", new IllegalStateException("my secret plan"), Map.of());
        }

        assertThat(Files.readString(home.operationalLog()))
                .contains("IllegalStateException")
                .doesNotContain("secret");
    }

    @Test
    void logsNeverGrowPastTheirBoundAndKeepTheLatest() throws IOException {
        try (OperationalLog log = new OperationalLog(home, CLOCK, 1000)) {
            for (int i = 0; i < 100; i++) {
                log.info("entry", Map.of("number", Integer.toString(i)));
            }
        }

        try (Stream<Path> files = Files.list(home.logs())) {
            List<Path> all = files.sorted().toList();
            assertThat(all).hasSize(3);
            for (Path each : all) {
                assertThat(Files.size(each)).isLessThanOrEqualTo(1000);
            }
        }
        assertThat(Files.readString(home.operationalLog())).contains("\"number\":\"99\"");
    }

    @Test
    void theAuditIsContinuedAfterARestartAndBesideTheDaemon() throws IOException {
        try (AuditLog daemon = AuditLog.open(home, CLOCK)) {
            daemon.denied("recording.denied", Map.of("path", "/etc"));
            try (AuditLog commandLine = AuditLog.openBesideDaemon(home, CLOCK)) {
                commandLine.done("directory.allowed", Map.of("directory", "/a"));
            }
            daemon.denied("recording.denied", Map.of("path", "/usr"));
        }

        assertThat(Files.readAllLines(home.auditLog()))
                .hasSize(3)
                .element(1)
                .asString()
                .contains("directory.allowed");
    }

    @Test
    void manyThreadsWriteWholeLines() throws Exception {
        try (OperationalLog log = OperationalLog.open(home, CLOCK)) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    for (int j = 0; j < 250; j++) {
                        log.info("entry", Map.of("number", Integer.toString(j)));
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }

        assertThat(Files.readAllLines(home.operationalLog()))
                .hasSize(1000)
                .allMatch(line -> line.startsWith("{\"at\"") && line.endsWith("}"));
    }
}
