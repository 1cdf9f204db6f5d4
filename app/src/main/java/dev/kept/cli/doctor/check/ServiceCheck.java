package dev.kept.cli.doctor.check;

import java.io.IOException;
import java.util.List;

/** A check of the service's file, which was made for one limit, place and version. */
record ServiceCheck() implements Check {
    @Override
    public String id() {
        return "service";
    }

    @Override
    public List<Finding> examine(Examined kept) throws IOException {
        return switch (kept.service()) {
            case ServiceState.None _ ->
                List.of(Finding.note("no service: Kept is started by hand; at each login with: kept service install"));
            case ServiceState.Unknown _ -> List.of();
            case ServiceState.Current(String name) -> List.of(Finding.ok("service " + name));
            case ServiceState.Outdated(String file) ->
                List.of(Finding.problem(
                        file + " was made for another program, environment or daemonMaxMemoryMb",
                        "kept service install"));
        };
    }
}
