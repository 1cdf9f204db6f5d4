package dev.kept.cli.doctor;

import dev.kept.cli.doctor.check.Check;
import dev.kept.cli.doctor.check.Examined;
import dev.kept.cli.doctor.check.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A runner of checks, one after the other, robust against each of them: one that throws becomes a problem, and one that
 * hangs, for example on a disk that does not answer, is left behind on its thread. Not thread-safe.
 */
public final class Examiner {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PATIENCE_AFTER_A_HANG = Duration.ofSeconds(5);

    private final List<Check> checks;
    private Duration patience;
    private final Duration afterHang;

    /** A listener for the progress of checks. */
    public interface Audience {
        /** Reports that the check of that id begins. */
        void begins(String id);

        /** Reports that a check has ended, or is no longer waited for. */
        void ends(CheckResult result);
    }

    /** Creates an examiner of these checks. */
    public Examiner(List<Check> checks) {
        this(checks, PATIENCE, PATIENCE_AFTER_A_HANG);
    }

    /**
     * Creates an examiner with other time limits.
     *
     * @param patience time that a check may run without progress
     * @param afterHang the limit for checks after one that hung: they may wait for the same disk
     */
    Examiner(List<Check> checks, Duration patience, Duration afterHang) {
        this.checks = List.copyOf(checks);
        this.patience = patience;
        this.afterHang = afterHang;
    }

    /** Runs all checks; returns their results in order. */
    public List<CheckResult> examine(Examined kept, Audience audience) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>(checks.size());
        for (Check check : checks) {
            audience.begins(check.id());
            CheckResult result = new CheckResult(check.id(), examine(check, kept));
            audience.ends(result);
            results.add(result);
        }
        return results;
    }

    private List<Finding> examine(Check check, Examined kept) throws InterruptedException {
        FutureTask<List<Finding>> task = new FutureTask<>(() -> check.examine(kept));
        Thread thread =
                Thread.ofPlatform().daemon().name("kept-check-" + check.id()).start(task);
        while (true) {
            long steps = kept.steps();
            try {
                return task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                return List.of(Finding.problem(
                        "the check “" + check.id() + "” failed: " + e.getCause(), "report it, with this line"));
            } catch (TimeoutException e) {
                if (kept.steps() == steps) {
                    thread.interrupt();
                    String after = patience.toMillis() + " ms";
                    patience = afterHang.compareTo(patience) < 0 ? afterHang : patience;
                    return List.of(Finding.problem(
                            "the check “" + check.id() + "” did not end within " + after
                                    + ", and is waited for no longer",
                            "see that the folders of Kept and of your agents can be listed: a disk or a network may not"
                                    + " answer"));
                }
            }
        }
    }
}
