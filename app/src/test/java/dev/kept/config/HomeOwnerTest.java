package dev.kept.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeOwnerTest {
    private static final int SOMEBODY = 54_321;

    @TempDir
    private Path temporary;

    @BeforeEach
    void onlyRootCanGiveFilesAway() {
        if (!System.getProperty("user.name").equals("root")) {
            System.out.println("ANOTHER USER LEFT OUT: only root can give a home to somebody else");
            Assumptions.abort("not root");
        }
    }

    private Path somebodys(String name) throws IOException {
        Path folder = Files.createDirectories(temporary.resolve(name));
        Files.setAttribute(folder, "unix:uid", SOMEBODY);
        return folder;
    }

    @Test
    void aHomeOfAnotherUserIsRefusedWithTheOwnersName() throws Exception {
        Path directory = somebodys("h/.kept");
        assertThatThrownBy(() -> HomeOwner.check(new KeptHome(directory, temporary.resolve("h"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the home ~/.kept belongs to " + SOMEBODY)
                .hasMessageContaining("and this is root")
                .hasMessageContaining("KEPT_HOME");
    }

    @Test
    void aLinkToTheHomeOfAnotherUserIsRefused() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), somebodys("elsewhere"));
        assertThatThrownBy(() -> HomeOwner.check(new KeptHome(link, temporary)))
                .hasMessageContaining("belongs to " + SOMEBODY);
    }

    @Test
    void rootMakesNoHomeWhereFilesOfAnotherUserAre() throws Exception {
        Path user = somebodys("user");
        assertThatThrownBy(() -> HomeOwner.check(new KeptHome(user.resolve("a/b/.kept"), user)))
                .hasMessageContaining("the folder ~ belongs to " + SOMEBODY);
    }

    @Test
    void anOwnHomeIsFineThereOrNotAlsoInAFolderOfAnother() throws Exception {
        Path user = somebodys("user");
        Path own = Files.createDirectories(user.resolve("roots"));
        assertThatCode(() -> HomeOwner.check(new KeptHome(own, user))).doesNotThrowAnyException();
        assertThatCode(() -> HomeOwner.check(new KeptHome(own.resolve("x/.kept"), user)))
                .doesNotThrowAnyException();
    }
}
