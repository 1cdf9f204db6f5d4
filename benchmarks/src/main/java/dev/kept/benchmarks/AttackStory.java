package dev.kept.benchmarks;

import dev.kept.control.ControlRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What happens in a home while its daemon is attacked, always the same: four agents' conversations begin and grow,
 * people have them recorded, files are cut, replaced, packed and deleted, the daemon is asked for its status and seals
 * tapes. Owned by one thread.
 */
final class AttackStory {
    private static final long SEALING_MS = 300;
    private static final long LOOK_EVERY_MS = 25;

    private final SoakTalk.Place place;
    private final Random random;
    private final List<AttackTalk> talks = new ArrayList<>();

    /** The story in that home, where nothing has happened yet. */
    AttackStory(Path home, long seed) throws IOException {
        Path work = Files.createDirectories(home.resolve("work"));
        this.place = SoakTalk.Place.of(home, home.resolve(".kept/tapes")).at(work);
        this.random = new Random(seed);
    }

    /** The configuration of the daemon. */
    List<String> settings() {
        return List.of("allowedWriteRoots: ['" + place.work() + "']", "recordings:", "  timeZone: UTC");
    }

    private AttackTalk talk(String word, SoakAgent.Kind kind) throws IOException {
        AttackTalk talk = new AttackTalk(word, kind, place, random);
        talks.add(talk);
        return talk;
    }

    private AttackTalk gemini(String word) throws IOException {
        Path project = Files.createDirectories(
                place.home().resolve(".gemini/tmp").resolve(place.work().getFileName()));
        Files.writeString(project.resolve(".project_root"), place.work().toString());
        return talk(word, SoakAgent.Kind.GEMINI);
    }

    /**
     * What was there before the daemon: a folder that comes later has it launched anew, with the right to read there.
     */
    void begin() throws IOException, InterruptedException {
        talk("a", SoakAgent.Kind.CLAUDE).say();
        talk("b", SoakAgent.Kind.CODEX).say();
        gemini("d").say();
        talk("e", SoakAgent.Kind.COPILOT).say();
        Files.createDirectories(place.home().resolve(".codex/archived_sessions"));
    }

    /** The work of a day, in short; whatever becomes of the daemon, the agents go on. */
    void work(SupervisedDaemon daemon) throws IOException, InterruptedException {
        AttackTalk first = talks.get(0);
        AttackTalk codex = talks.get(1);
        AttackTalk gemini = talks.get(2);
        AttackTalk copilot = talks.get(3);
        first.capture("a.md");
        first.say();
        AttackTalk cut = talk("c", SoakAgent.Kind.CLAUDE);
        cut.capture("c.md");
        codex.capture("b.jsonl");
        codex.say();
        first.tool();
        daemon.ask(new ControlRequest.Status());
        first.export("more/a-export.md");
        cut.say();
        cut.cut();
        cut.say();
        gemini.capture("d.md");
        gemini.say();
        first.stop();
        first.say();
        first.record();
        first.say();
        cut.replace();
        cut.say();
        copilot.say();
        codex.pack();
        gemini.say();
        copilot.delete();
        daemon.ask(new ControlRequest.Seal(Optional.of(Duration.ZERO)));
        TimeUnit.MILLISECONDS.sleep(SEALING_MS);
        first.say();
        daemon.ask(new ControlRequest.Status());
    }

    /** Everybody who still can says something more. */
    void goOn() throws IOException, InterruptedException {
        for (AttackTalk talk : talks) {
            if (talk.goesOn()) {
                talk.say();
            }
        }
    }

    /** What is not kept, or not in the notes as it should be, in words. */
    List<String> losses() throws IOException {
        List<String> refusals = refusals();
        List<String> losses = new ArrayList<>();
        for (AttackTalk talk : talks) {
            talk.judge(losses, refusals.stream().anyMatch(line -> line.contains(talk.id())));
        }
        return losses;
    }

    /**
     * Orders that were refused, as where their file could not be looked at: lines of the log, which {@code status}
     * told, too.
     */
    List<String> refusals() throws IOException {
        Path log = place.home().resolve(".kept/logs/operational.jsonl");
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("\"code\":\"command.failed\""))
                    .toList();
        }
    }

    /** The same, once nothing is wrong any more or that time has passed. */
    List<String> lossesWithin(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            List<String> losses;
            try {
                losses = losses();
            } catch (IOException e) {
                losses = List.of("a tape or a note cannot be read: " + e);
            }
            if (losses.isEmpty() || System.nanoTime() - end >= 0) {
                return losses;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        }
    }

    /** How many turns were said. */
    int turns() {
        return talks.stream().mapToInt(AttackTalk::turns).sum();
    }
}
