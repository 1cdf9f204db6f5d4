package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The libraries beside the built program are those of docs/licences.md, byte for byte. */
class LibrariesIT {
    private static final Pattern ROW = Pattern.compile("\\| ([\\w-]+) \\| (\\S+) \\| (\\S+) \\| ([0-9a-f]{64}) \\|");

    /** What a program under Apache-2.0 may be shipped with. */
    private static final Set<String> ALLOWED = Set.of("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MIT");

    private static final Path LIBRARIES = Path.of("target", "lib");
    private static final Path LIST = Path.of("..", "docs", "licences.md");

    @Test
    void whatIsShippedIsWhatIsListed() throws Exception {
        Map<String, String> listed = new TreeMap<>();
        for (String line : Files.readAllLines(LIST)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                listed.put(row.group(1) + "-" + row.group(2) + ".jar", row.group(4));
                assertThat(ALLOWED).contains(row.group(3));
            }
        }
        assertThat(shipped()).isNotEmpty().isEqualTo(listed);
    }

    private static Map<String, String> shipped() throws Exception {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> jars = Files.list(LIBRARIES)) {
            for (Path jar : jars.toList()) {
                hashes.put(jar.getFileName().toString(), sha256(jar));
            }
        }
        return hashes;
    }

    private static String sha256(Path file) throws Exception {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new IOException(file + " cannot be read", e);
        }
    }
}
