package dev.kept.benchmarks;

/** What a benchmark's command line says. */
final class Options {
    private Options() {}

    /** The number behind a name; otherwise what is usual. */
    static int number(String[] arguments, String name, int otherwise) {
        for (int i = 0; i + 1 < arguments.length; i++) {
            if (arguments[i].equals(name)) {
                return Integer.parseInt(arguments[i + 1]);
            }
        }
        return otherwise;
    }
}
