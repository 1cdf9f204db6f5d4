package dev.kept.cli.doctor.check;

/** The service of this home, as far as its file tells. */
public sealed interface ServiceState {
    /** There is none, or one that Kept did not write. */
    record None() implements ServiceState {}

    /** Not told: the configuration that its file depends on is refused. */
    record Unknown() implements ServiceState {}

    /** Its file says what it would say if it were written now. */
    record Current(String name) implements ServiceState {}

    /**
     * Its file was made for something else.
     *
     * @param file for people
     */
    record Outdated(String file) implements ServiceState {}
}
