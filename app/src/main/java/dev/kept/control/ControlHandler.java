package dev.kept.control;

/** Answers requests of the command line. Called on several threads at once. */
@FunctionalInterface
public interface ControlHandler {
    /** The answer, JSON unless text was asked for. For a request to end, it is sent before the daemon ends: only note the wish here. */
    ControlAnswer handle(ControlRequest request);
}
