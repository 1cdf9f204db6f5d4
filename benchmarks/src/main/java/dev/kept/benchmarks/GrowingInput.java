package dev.kept.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Input that makes what is kept of it grow: long fields, many names, many commands, many folders. */
final class GrowingInput {
    private static final List<String> FIELDS =
            List.of("title", "cwd", "gitBranch", "version", "prompt", "model", "uuid", "promptId", "type", "sessionId");

    private static final String AFTERWARDS = "afterwards";

    private GrowingInput() {}

    static List<Scenario> full() {
        List<Scenario> all = new ArrayList<>();
        FIELDS.forEach(field -> all.add(new LongField(field, 400, 200_000)));
        all.add(new Commands("400,000 late commands in 40 sessions", 40, 10_000, 1, Duration.ofDays(30)));
        all.add(new Commands("5,000 commands in one message", 1, 1, 5_000, Duration.ZERO));
        all.add(new Commands("20,000 commands in 20 sessions", 20, 1_000, 1, Duration.ZERO));
        all.add(new ManyNames("200 sessions x 500 models and types", 200, 500));
        all.add(new EmptyFolders("200,000 empty folders", 200_000));
        return all;
    }

    static List<Scenario> quick() {
        return List.of(
                new LongField("cwd", 200, 200_000),
                new LongField("type", 100, 200_000),
                new Commands("40,000 late commands in 4 sessions", 4, 10_000, 1, Duration.ofDays(30)),
                new Commands("5,000 commands in one message", 1, 1, 5_000, Duration.ZERO),
                new EmptyFolders("20,000 empty folders", 20_000));
    }

    private static OutputStream file(Path home, int number) throws IOException {
        Path folder = Files.createDirectories(home.resolve(".claude/projects/-home-dev-p" + number % 50));
        return new BufferedOutputStream(Files.newOutputStream(folder.resolve(session(number) + ".jsonl")));
    }

    private static String session(int number) {
        return "5e55107e-0000-4000-8000-%012d".formatted(number);
    }

    /** Writes a record of a session: what its records say decides which session a file is of. */
    private static void write(OutputStream out, int number, String text) throws IOException {
        out.write((in(session(number), text) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String in(String session, String record) {
        return record.replace("\"sessionId\":\"s\"", "\"sessionId\":\"" + session + "\"");
    }

    private static String prompt(String uuid, String text, Instant at) {
        return "{\"parentUuid\":null,\"isSidechain\":false,\"userType\":\"external\",\"cwd\":\"/home/dev/project\","
                + "\"sessionId\":\"s\",\"version\":\"2.1.330\",\"gitBranch\":\"main\",\"type\":\"user\",\"uuid\":\""
                + uuid
                + "\",\"promptId\":\"p\",\"promptSource\":\"typed\",\"origin\":{\"kind\":\"human\"},\"timestamp\":\""
                + Json.time(at) + "\",\"message\":{\"role\":\"user\",\"content\":\"" + text + "\"}}";
    }

    private static String answer(String uuid, String model, Instant at) {
        return "{\"parentUuid\":null,\"isSidechain\":false,\"sessionId\":\"s\",\"type\":\"assistant\",\"uuid\":\""
                + uuid
                + "\",\"timestamp\":\"" + Json.time(at) + "\",\"message\":{\"id\":\"m-" + uuid
                + "\",\"role\":\"assistant\",\"model\":\"" + model
                + "\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}";
    }

    /** Another session begins after all of that: it has to be kept and shown. */
    private static String anotherSessionIsKept(DaemonUnderTest daemon, Path home)
            throws IOException, InterruptedException {
        Path folder = Files.createDirectories(home.resolve(".claude/projects/-home-dev-" + AFTERWARDS));
        Files.writeString(
                folder.resolve(session(999_999_999) + ".jsonl"),
                in(session(999_999_999), prompt("after", AFTERWARDS, Instant.now())) + "\n");
        Instant end = Instant.now().plus(Duration.ofSeconds(90));
        while (Instant.now().isBefore(end)) {
            if (daemon.statusText().contains(AFTERWARDS)) {
                return "";
            }
            Thread.sleep(200);
        }
        return "a session that began afterwards is not shown";
    }

    /** Sessions in which one field of a record is long. */
    private record LongField(String field, int sessions, int characters) implements Scenario {
        @Override
        public String name() {
            return "%,d sessions, %s of %,d characters".formatted(sessions, field, characters);
        }

        @Override
        public long prepare(Path home) throws IOException {
            Instant at = Instant.now().minusSeconds(600);
            for (int i = 0; i < sessions; i++) {
                String text = String.valueOf((char) ('a' + i % 26)).repeat(characters);
                String first = prompt("u" + i, "hello", at);
                String second = answer("a" + i, "claude", at);
                String third = switch (field) {
                    case "title" -> "{\"type\":\"custom-title\",\"customTitle\":\"" + text + "\",\"sessionId\":\"s\"}";
                    case "type" -> "{\"type\":\"" + text + i + "\",\"sessionId\":\"s\"}";
                    default -> "{\"type\":\"custom-title\",\"customTitle\":\"t\",\"sessionId\":\"s\"}";
                };
                first = switch (field) {
                    case "cwd" -> first.replace("/home/dev/project", "/" + text);
                    case "gitBranch" -> first.replace("\"main\"", "\"" + text + "\"");
                    case "version" -> first.replace("2.1.330", text);
                    case "prompt" -> first.replace("hello", text);
                    case "uuid" -> first.replace("\"u" + i + "\"", "\"" + text + "\"");
                    case "promptId" -> first.replace("\"p\"", "\"" + text + "\"");
                    case "sessionId" -> first.replace("\"s\"", "\"" + text + "\"");
                    default -> first;
                };
                second = field.equals("model") ? second.replace("claude", text) : second;
                try (OutputStream out = file(home, i)) {
                    write(out, i, first);
                    write(out, i, second);
                    write(out, i, third);
                }
            }
            return sessions;
        }

        @Override
        public String then(DaemonUnderTest daemon, Path home) throws IOException, InterruptedException {
            return anotherSessionIsKept(daemon, home);
        }
    }

    /** Sessions with messages that hold commands, typed so long ago. */
    private record Commands(String name, int sessions, int messages, int each, Duration ago) implements Scenario {
        @Override
        public long prepare(Path home) throws IOException {
            String commands = "::capture notes.md\\n".repeat(each);
            Instant at = Instant.now().minus(ago);
            for (int i = 0; i < sessions; i++) {
                try (OutputStream out = file(home, i)) {
                    for (int j = 0; j < messages; j++) {
                        write(out, i, prompt("u" + i + "-" + j, commands, at));
                    }
                }
            }
            return sessions;
        }

        @Override
        public String then(DaemonUnderTest daemon, Path home) throws IOException, InterruptedException {
            return anotherSessionIsKept(daemon, home);
        }
    }

    /** Sessions in which each answer names another model, and each record between them another type. */
    private record ManyNames(String name, int sessions, int names) implements Scenario {
        @Override
        public long prepare(Path home) throws IOException {
            Instant at = Instant.now().minusSeconds(600);
            for (int i = 0; i < sessions; i++) {
                try (OutputStream out = file(home, i)) {
                    for (int j = 0; j < names; j++) {
                        String text = (i + "-" + j + "-").repeat(500);
                        write(out, i, answer("a" + i + "-" + j, text, at));
                        write(out, i, "{\"type\":\"" + text + "\",\"sessionId\":\"s\"}");
                    }
                }
            }
            return sessions;
        }

        @Override
        public String then(DaemonUnderTest daemon, Path home) throws IOException, InterruptedException {
            return anotherSessionIsKept(daemon, home);
        }
    }

    /** Folders without sessions, and one session. */
    private record EmptyFolders(String name, int folders) implements Scenario {
        @Override
        public long prepare(Path home) throws IOException {
            for (int i = 0; i < folders; i++) {
                Files.createDirectories(home.resolve(".claude/projects/-home-dev-empty-" + i));
            }
            try (OutputStream out = file(home, 1)) {
                write(out, 1, prompt("u", "hello", Instant.now()));
            }
            return 1;
        }

        @Override
        public String then(DaemonUnderTest daemon, Path home) throws IOException, InterruptedException {
            return anotherSessionIsKept(daemon, home);
        }
    }
}
