package dev.kept.benchmarks;

import dev.kept.benchmarks.SoakFile.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * One conversation of a soak: what is said in it, which commands are typed, what becomes of its file. Owned by one
 * thread.
 *
 * <p>The file is changed otherwise than by growing only once all of it is on tape: what an agent takes away before Kept
 * has it is lost to anybody. A wild conversation does not wait; it types no commands, and only its latest state must be
 * kept.
 */
final class SoakTalk {
    private static final String PAD = " pad-aaaa ";
    private static final String OTHER_PAD = " pad-bbbb ";

    private final String word;
    private final boolean wild;
    private final Path work;
    private final Path tapes;
    private final Path scratch;
    private final Random random;
    private final List<SoakFile> files = new ArrayList<>();
    private final SoakNotes notes = new SoakNotes();
    private final Map<SoakUpheaval, Integer> done;
    private SoakAgent agent;
    private Optional<SoakUpheaval> planned = Optional.empty();
    private boolean mustSettle;
    private boolean ended;
    private int noteNumber;
    private int commands;

    private SoakTalk(String word, SoakAgent agent, Place place, Random random, boolean wild) {
        this.word = word;
        this.agent = agent;
        this.work = place.work();
        this.tapes = place.tapes();
        this.scratch = place.scratch();
        this.done = place.done();
        this.random = random;
        this.wild = wild;
        files.add(new SoakFile(agent.provider(), agent.file(), tapes));
    }

    /**
     * Where conversations take place.
     *
     * @param work the working directory
     * @param scratch a folder of the same file system that nobody follows
     * @param done what became of files, counted
     */
    record Place(Path home, Path work, Path tapes, Path scratch, Map<SoakUpheaval, Integer> done) {
        Place at(Path otherWork) {
            return new Place(home, otherWork, tapes, scratch, done);
        }

        static Place of(Path home, Path tapes) throws IOException {
            Path scratch = Files.createDirectories(home.resolve("scratch"));
            return new Place(home, home, tapes, scratch, new LinkedHashMap<>());
        }
    }

    /** A new conversation, which has said something. */
    static SoakTalk begin(String word, SoakAgent.Kind kind, Place place, Random random, boolean wild)
            throws IOException {
        SoakAgent agent = SoakAgent.begin(kind, place.home(), place.work(), random);
        if (agent instanceof SoakGemini gemini) {
            Files.createDirectories(gemini.project());
            Files.writeString(
                    gemini.project().resolve(".project_root"), place.work().toString());
        }
        SoakTalk talk = new SoakTalk(word, agent, place, random, wild);
        if (!agent.opening().isEmpty()) {
            talk.file().append(new Entry(agent.opening(), ""));
        }
        talk.say();
        return talk;
    }

    private SoakFile file() {
        return files.getLast();
    }

    /** Does what comes next; answers what began with it: a copy of this conversation. */
    Optional<SoakTalk> step(String nextWord) throws IOException {
        if (ended) {
            return Optional.empty();
        }
        if (file().isHalf()) {
            file().appendRest();
            return Optional.empty();
        }
        if (mustSettle) {
            mustSettle = !file().settle();
            return Optional.empty();
        }
        if (!file().isPresent() || isArchived()) {
            comeBack();
            return Optional.empty();
        }
        if (planned.isPresent()) {
            return !wild && !file().settle() ? Optional.empty() : upheave(nextWord);
        }
        int what = random.nextInt(1_000);
        if (what < 25) {
            planned = Optional.of(SoakUpheaval.any(agent, file(), wild, random));
        } else if (what < 85 && !wild) {
            command();
        } else if (what < 100) {
            decoy();
        } else if (what < 130) {
            file().appendHalf(said(text(turn())));
        } else {
            say();
        }
        return Optional.empty();
    }

    /** How long it does nothing now, in simulated seconds. */
    double pause() {
        if (mustSettle || planned.isPresent()) {
            return 3;
        }
        if (!file().isPresent() || isArchived()) {
            return 60 + random.nextInt(900);
        }
        // Now and then the person does something else.
        return random.nextInt(60) == 0 ? 600 + random.nextInt(3_600) : 5 + random.nextInt(120);
    }

    private boolean isArchived() {
        return file().path().toString().contains("archived_sessions");
    }

    boolean hasEnded() {
        return ended;
    }

    private String turn() {
        String turn = "turn-" + word + "-" + notes.turns();
        notes.said(turn);
        return turn;
    }

    private String text(String turn) {
        int kind = random.nextInt(100);
        int length = kind < 83 ? 50 + random.nextInt(600) : kind < 98 ? random.nextInt(8_000) : random.nextInt(60_000);
        return turn + PAD + "ü and more words\n".repeat(length / 17) + "end";
    }

    private Entry said(String text) {
        String turn = text.substring(0, text.indexOf(' '));
        return new Entry(
                switch (random.nextInt(5)) {
                    case 0, 1 -> agent.person(text);
                    case 2 -> agent.tool(text);
                    default -> agent.answer(text);
                },
                turn);
    }

    private void say() throws IOException {
        file().append(said(text(turn())));
    }

    /** A command, alone or above or below what is said with it. */
    private void command() throws IOException {
        commands++;
        int what = random.nextInt(10);
        int where = random.nextInt(3);
        Path path = work.resolve("notes-" + random.nextInt(3))
                .resolve(word + "-" + noteNumber++ + (random.nextInt(6) == 0 ? ".jsonl" : ".md"));
        String line;
        Runnable effect;
        if (what < 3 || !notes.hasPrimary()) {
            line = "::capture " + typed(path);
            effect = () -> notes.capture(path);
        } else if (what < 5) {
            line = "::export " + typed(path);
            effect = () -> notes.export(path);
        } else if (what < 6) {
            line = "::init " + typed(path);
            effect = () -> notes.init(path);
        } else if (notes.areRecorded()) {
            line = "::stop";
            effect = notes::stop;
        } else {
            line = "::record";
            effect = notes::record;
        }
        if (where == 0) {
            effect.run();
            file().append(new Entry(agent.person(line), ""));
        } else if (where == 1) {
            effect.run();
            String turn = turn();
            file().append(new Entry(agent.person(line + "\n\nAnd " + turn + PAD), turn));
        } else {
            String turn = turn();
            effect.run();
            file().append(new Entry(agent.person("Look at " + turn + PAD + "\n\n" + line), turn));
        }
    }

    private String typed(Path path) {
        Path relative = work.relativize(path);
        return switch (random.nextInt(4)) {
            case 0 -> path.toString();
            case 1 -> "@" + relative;
            case 2 -> "\"" + relative + "\"";
            default -> relative.toString();
        };
    }

    /** What looks like a command and is none. */
    private void decoy() throws IOException {
        String order = "::capture decoys/" + word + ".md";
        String turn = turn();
        file().append(new Entry(
                switch (random.nextInt(5)) {
                    case 0 -> agent.tool(turn + "\n\n" + order);
                    case 1 -> agent.answer(turn + "\n\n" + order);
                    case 2 -> agent.person(turn + "\n\n```\n" + order + "\n```");
                    case 3 -> agent.person(turn + "\n\n> " + order);
                    default -> agent.person(turn + "\n\n" + order + "\n\nis what I would type.");
                },
                turn));
    }

    private Optional<SoakTalk> upheave(String nextWord) throws IOException {
        SoakUpheaval what = planned.orElseThrow();
        planned = Optional.empty();
        done.merge(what, 1, Integer::sum);
        switch (what) {
            case CUT -> file().cut(1 + random.nextInt(Math.min(10, file().size() - 3)));
            case CUT_LINE_END -> file().cutLineEnd();
            case DROP_ONE -> file().rewriteWithout(1 + random.nextInt(file().size() - 2));
            case SAME_SIZE -> mustSettle = file().change(1 + random.nextInt(file().size() - 2), PAD, OTHER_PAD);
            case REPLACE -> file().replace(scratch, 0);
            case REPLACE_SHORTER -> file().replace(scratch, 1 + random.nextInt(Math.min(10, file().size() - 3)));
            case DELETE -> file().delete();
            case ARCHIVE -> file().move(((SoakCodex) agent).archived(false));
            case PACK -> file().pack(((SoakCodex) agent).archived(true), scratch);
            case GO_BACK -> {
                agent = ((SoakCodex) agent).wentBack(random);
                files.add(new SoakFile(agent.provider(), agent.file(), tapes));
                file().append(new Entry(agent.opening(), ""));
                say();
            }
            case FORK -> {
                return Optional.of(fork(nextWord, (SoakClaude) agent));
            }
        }
        return Optional.empty();
    }

    private SoakTalk fork(String nextWord, SoakClaude parent) throws IOException {
        SoakClaude copy = parent.fork(random);
        Place place = new Place(work, work, tapes, scratch, done);
        SoakTalk fork = new SoakTalk(nextWord, copy, place, new Random(random.nextLong()), false);
        for (Entry entry : file().entries()) {
            String text = new String(entry.bytes(), StandardCharsets.UTF_8);
            fork.file().append(new Entry(copy.copied(text, parent), entry.turn()));
            if (!entry.turn().isEmpty()) {
                fork.notes.said(entry.turn());
            }
        }
        return fork;
    }

    private void comeBack() throws IOException {
        if (!file().isPresent()) {
            if (random.nextInt(3) == 0) {
                ended = true;
            } else {
                file().putBack(scratch);
            }
        } else if (file().isPacked()) {
            file().unpack(agent.file(), scratch);
        } else {
            file().move(agent.file());
        }
    }

    /** What is half written is ended. */
    void end() throws IOException {
        if (file().isHalf()) {
            file().appendRest();
        }
    }

    /** What the tapes of its files do not hold, in words. */
    List<String> missing() throws IOException {
        List<String> missing = new ArrayList<>();
        for (SoakFile file : files) {
            missing.addAll(file.missing());
        }
        return missing;
    }

    int files() {
        return files.size();
    }

    int states() {
        return files.stream().mapToInt(file -> file.states() + 1).sum();
    }

    int turns() {
        return notes.turns();
    }

    int commands() {
        return commands;
    }

    long bytes() {
        return files.stream()
                .flatMap(file -> file.entries().stream())
                .mapToLong(entry -> entry.bytes().length)
                .sum();
    }

    /** Compares each note with what it must hold; says of those that are wrong how. */
    SoakNotes.Judgement judge(List<String> wrong) throws IOException {
        return notes.judge(file().path(), wrong);
    }
}
