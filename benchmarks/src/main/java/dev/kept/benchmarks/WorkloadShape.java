package dev.kept.benchmarks;

import java.time.Instant;

/**
 * What a workload looks like. The same shape gives the same bytes.
 *
 * @param sessions how many files
 * @param events records of each; one record is one event
 * @param bytes mean length of a line, newline included
 * @param seed of everything that is drawn
 * @param projects how many folders the sessions are spread over
 * @param base the time at which the newest session ends, roughly
 * @param nonAscii how often a word is not ASCII
 */
public record WorkloadShape(
        int sessions, int events, int bytes, long seed, int projects, Instant base, double nonAscii) {
    private static final Instant BASE = Instant.parse("2026-02-24T12:00:00Z");

    /** 53 sessions of 293 events of 2 KB: what a month of work leaves behind. */
    public static final WorkloadShape SEED = of(53, 293, 2048);

    public WorkloadShape {
        if (sessions < 0 || events < 0 || bytes < 1 || projects < 1) {
            throw new IllegalArgumentException("a workload has sessions, events, bytes and projects");
        }
    }

    /** A shape with the usual rest. */
    public static WorkloadShape of(int sessions, int events, int bytes) {
        return new WorkloadShape(sessions, events, bytes, 1, 6, BASE, 0.02);
    }
}
