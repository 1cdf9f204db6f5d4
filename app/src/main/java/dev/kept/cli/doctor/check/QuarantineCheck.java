package dev.kept.cli.doctor.check;

import dev.kept.control.QuarantinedSource;
import java.util.List;

/** A check for session files that are copied but not read, because the daemon ended twice while it read them. */
record QuarantineCheck() implements Check {
    @Override
    public String id() {
        return "sessions.aside";
    }

    @Override
    public List<Finding> examine(Examined kept) {
        List<QuarantinedSource> all = QuarantinedSource.read(kept.home());
        return all.isEmpty()
                ? List.of(Finding.ok("no session file is set aside"))
                : all.stream()
                        .map(each -> Finding.problem(each.sentence(kept.home()), each.remedy()))
                        .toList();
    }
}
