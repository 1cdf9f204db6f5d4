package dev.kept.cli.doctor.check;

import dev.kept.control.LastExit;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A check of the daemon's last unrequested end. If the daemon runs again since, it is only a note. */
record LastExitCheck() implements Check {
    @Override
    public String id() {
        return "daemon.ended";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        Instant now = kept.now();
        Optional<LastExit> end = LastExit.read(kept.home());
        if (end.isEmpty()) {
            return List.of(Finding.ok("the daemon has ended only when it was asked to"));
        }
        boolean running = kept.report().isPresent();
        String remedy = end.get().remedy(kept.home(), running);
        List<Finding> findings = new ArrayList<>();
        if (running || LastExit.recent(kept.home(), now).isEmpty()) {
            findings.add(Finding.note(end.get().sentence(now), remedy));
        } else {
            findings.add(Finding.problem(end.get().sentence(now), remedy));
        }
        end.get().lastWords().forEach(line -> findings.add(Finding.note("it printed: " + line)));
        return findings;
    }
}
