package dev.kept.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A home on another machine's disk is refused, with a way to say otherwise. */
class HomeDiskTest {
    @TempDir
    private Path temporary;

    private KeptHome home;

    @BeforeEach
    void makeHome() {
        home = new KeptHome(temporary.resolve("not/there/yet"), temporary);
    }

    private KeptConfig config(String yaml) throws Exception {
        Files.createDirectories(home.directory());
        Files.writeString(home.configFile(), yaml);
        return ConfigReader.read(home, Set.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "cifs", "fuse.sshfs", "9p"})
    void aHomeOnANetworkIsRefusedWithTheRemedyAndTakenWhenTheOwnerSaysSo(String type) throws Exception {
        assertThatThrownBy(() -> HomeDisk.check(home, config(""), type))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("(" + type + ")")
                .hasMessageContaining("KEPT_HOME")
                .hasMessageContaining("allowNetworkDisk: true");
        KeptConfig allowed = config("tape: {allowNetworkDisk: true}\n");
        assertThatCode(() -> HomeDisk.check(home, allowed, type)).doesNotThrowAnyException();
    }

    @Test
    void theDiskOfAHomeThatIsNotThereYetIsThatOfTheFolderItWillBeIn() throws Exception {
        assertThat(HomeDisk.isNetwork(Files.getFileStore(temporary).type()))
                .as("this machine's temporary folder lies on its own disk")
                .isFalse();
        assertThatCode(() -> HomeDisk.check(home, KeptConfig.defaults())).doesNotThrowAnyException();
    }

    /** The system says "Mount point not found" in a root that was changed; here, that there is no such file. */
    @Test
    void whereTheSystemDoesNotTellTheKindOfDiskNothingIsRefused() {
        assertThat(HomeDisk.type(temporary)).isPresent();
        assertThat(HomeDisk.type(temporary.resolve("not there"))).isEmpty();
    }
}
