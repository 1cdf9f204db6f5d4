/** What was checked, one line each. */
final class Verdicts {
    private int passed;
    private int failed;

    void that(String what, boolean so) {
        System.out.println((so ? "  ok    " : "  FAIL  ") + what);
        if (so) {
            passed++;
        } else {
            failed++;
        }
    }

    /** For figures: what was expected stands beside what is. */
    void equal(String what, Object expected, Object found) {
        boolean so = expected.equals(found);
        that(what + ": " + found + (so ? "" : ", expected " + expected), so);
    }

    /** Prints the sums; true if nothing failed. */
    boolean close() {
        System.out.println("  " + passed + " passed, " + failed + " failed");
        return failed == 0;
    }
}
