package dev.kept.control;

/** A handler of requests of the command line. Called on several threads at once. */
@FunctionalInterface
public interface ControlHandler {
    /**
     * Returns the answer, in JSON unless text was requested. For a request to end, the answer is sent before the daemon
     * ends: the handler only schedules the end.
     */
    ControlAnswer handle(ControlRequest request);
}
