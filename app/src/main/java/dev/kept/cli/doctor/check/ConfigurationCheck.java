package dev.kept.cli.doctor.check;

import dev.kept.config.KeptHome;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** A check of the configuration file, which is accepted as a whole or refused. */
record ConfigurationCheck() implements Check {
    @Override
    public String id() {
        return "configuration";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        KeptHome home = kept.home();
        return kept.configuration()
                .refusal()
                .map(why -> List.of(Finding.problem(why, "mend it, then: kept config validate")))
                .orElseGet(() -> List.of(Finding.ok("configuration " + home.forPeople(home.configFile())
                        + (Files.exists(home.configFile()) ? "" : " (none; the defaults apply)"))));
    }
}
