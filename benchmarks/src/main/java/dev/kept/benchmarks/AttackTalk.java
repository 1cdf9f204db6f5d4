package dev.kept.benchmarks;

import dev.kept.benchmarks.SoakFile.Entry;
import dev.kept.benchmarks.SoakNotes.Judgement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** One conversation of an attack: what is said in it and ordered, and what becomes of its file. Owned by one thread. */
final class AttackTalk {
    private static final long PACE_MS = 150;
    private static final long LOOK_EVERY_MS = 5;
    private static final String LONG = "ü and more words\n".repeat(1_500);

    private final String word;
    private final SoakAgent agent;
    private final SoakFile file;
    private final SoakNotes notes = new SoakNotes();
    private final Path work;
    private final Path scratch;
    private int said;

    /** A conversation that has begun with something said. */
    AttackTalk(String word, SoakAgent.Kind kind, SoakTalk.Place place, Random random) throws IOException {
        this.word = word;
        this.agent = SoakAgent.begin(kind, place.home(), place.work(), random);
        this.file = new SoakFile(agent.provider(), agent.file(), place.tapes());
        this.work = place.work();
        this.scratch = place.scratch();
        if (!agent.opening().isEmpty()) {
            file.append(new Entry(agent.opening(), ""));
        }
        file.append(said("is how it began"));
    }

    private Entry said(String text) {
        String turn = "turn-" + word + "-" + said;
        notes.said(turn);
        String whole = turn + " " + text;
        return new Entry(said++ % 2 == 0 ? agent.person(whole) : agent.answer(whole), turn);
    }

    /** Something is said; then it takes a moment until the next thing happens. */
    void say() throws InterruptedException, IOException {
        file.append(said("is what was said"));
        pause();
    }

    /** A tool gives back a long text. */
    void tool() throws InterruptedException, IOException {
        String turn = "turn-" + word + "-" + said++;
        notes.said(turn);
        file.append(new Entry(agent.tool(turn + " " + LONG), turn));
        pause();
    }

    private void order(String line) throws InterruptedException, IOException {
        file.append(new Entry(agent.person(line), ""));
        pause();
    }

    void capture(String name) throws InterruptedException, IOException {
        notes.capture(work.resolve(name));
        order("::capture " + work.resolve(name));
    }

    void export(String name) throws InterruptedException, IOException {
        notes.export(work.resolve(name));
        order("::export " + work.resolve(name));
    }

    void stop() throws InterruptedException, IOException {
        notes.stop();
        order("::stop");
    }

    void record() throws InterruptedException, IOException {
        notes.record();
        order("::record");
    }

    /** Waits until all of it is on tape, for a moment: Kept may be prevented from that. */
    private boolean pause() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PACE_MS);
        do {
            try {
                if (file.settle()) {
                    return true;
                }
            } catch (IOException notYet) {
                // Its card is being written, or not there.
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        } while (System.nanoTime() - end < 0);
        return false;
    }

    /** Its last record is cut off, if all of it is on tape: what is taken away before is lost to anybody. */
    void cut() throws InterruptedException, IOException {
        if (pause()) {
            file.cut(1);
        }
    }

    /** Another file takes its place, without its last record; if all of it is on tape. */
    void replace() throws InterruptedException, IOException {
        if (pause()) {
            file.replace(scratch, 1);
        }
    }

    /** Its file is deleted, if all of it is on tape. */
    void delete() throws InterruptedException, IOException {
        if (pause()) {
            file.delete();
        }
    }

    /** Its agent moves it to the archive, packed; if all of it is on tape. */
    void pack() throws InterruptedException, IOException {
        if (agent instanceof SoakCodex codex && pause()) {
            file.pack(codex.archived(true), scratch);
        }
    }

    /** Whether the agent may go on writing. */
    boolean goesOn() {
        return file.isPresent() && !file.isPacked();
    }

    /** The conversation's id. */
    String id() {
        return agent.id();
    }

    /**
     * What is not on tape, or not in the notes as it should be, in words.
     *
     * @param refused whether an order of it was refused, which was said: then its notes need not hold everything,
     *     but nothing twice
     */
    void judge(List<String> wrong, boolean refused) throws IOException {
        wrong.addAll(file.missing());
        List<String> inNotes = new ArrayList<>();
        Judgement judgement = notes.judge(file.path(), inNotes);
        if (!refused || judgement.doubled() > 0) {
            wrong.addAll(inNotes);
        }
    }

    /** How many turns were said. */
    int turns() {
        return said;
    }
}
