package dev.kept.cli.doctor.check;

import java.util.List;

/**
 * One look of the doctor at one thing.
 *
 * <p>To add one: a class, a line in {@link Checks#ALL}, a row in {@code docs/doctor.md}, and in {@code
 * DoctorChecksTest} a
 * scene that turns it red and one that shows it green. Stateless; run on a thread of its own, which is left behind
 * where it
 * hangs.
 */
public interface Check {
    /** A name for programs that never changes, such as {@code disk.room}. */
    String id();

    /**
     * Looks.
     *
     * @return what was found; nothing where there is nothing to look at
     * @throws Exception whatever goes wrong: it becomes one problem, and the other checks go on
     */
    List<Finding> examine(Examined kept) throws Exception;
}
