package dev.kept.cli.doctor.check;

import java.nio.file.Files;
import java.util.List;

/** A check of the Java that runs this command, and will run the daemon at its next start. */
record JavaCheck() implements Check {
    @Override
    public String id() {
        return "java";
    }

    @Override
    public List<Finding> examine(Examined kept) {
        if (!Files.isExecutable(kept.javaHome().resolve("bin/java"))) {
            return List.of(Finding.problem(
                    "there is no bin/java in " + kept.javaHome() + " any more, so that Kept could not be started again",
                    "install Java 25 or newer; where it is not found, set KEPT_JAVA_HOME to its folder"));
        }
        return List.of(Finding.ok("Java " + Runtime.version().feature() + " in " + kept.javaHome()));
    }
}
