package dev.kept.cli.doctor.check;

import java.util.List;

/**
 * A check of the doctor, which examines one thing.
 *
 * <p>To add one: a class, a line in {@link Checks#ALL}, a row in {@code docs/doctor.md}, and in {@code
 * DoctorChecksTest} a scene that turns it red and one that shows it green. Stateless; run on a thread of its own, which
 * is left behind if it hangs.
 */
public interface Check {
    /** Returns a name for programs that never changes, such as {@code disk.room}. */
    String id();

    /**
     * Examines the thing.
     *
     * @return findings; empty if there is nothing to examine
     * @throws Exception on any failure: it becomes one problem, and the other checks continue
     */
    List<Finding> examine(Examined kept) throws Exception;
}
