package dev.kept.cli.doctor.check;

/** The service of this home, according to its file. */
public sealed interface ServiceState {
    /** There is no service, or one that Kept did not write. */
    record None() implements ServiceState {}

    /** Unknown: the configuration that its file depends on is refused. */
    record Unknown() implements ServiceState {}

    /** Its file equals one that would be written now. */
    record Current(String name) implements ServiceState {}

    /**
     * Its file was made for another program, environment or limit.
     *
     * @param file path of the file, for people
     */
    record Outdated(String file) implements ServiceState {}
}
