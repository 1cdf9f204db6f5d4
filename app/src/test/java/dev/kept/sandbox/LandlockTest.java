package dev.kept.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LandlockTest {
    @Test
    void nothingIsAskedOfAKernelThatItsInterfaceDoesNotKnow() {
        // The number of rights over files, over the network, of scopes, and the bytes of the request, by interface.
        int[][] known = {
            {1, 13, 0, 0, 8},
            {2, 14, 0, 0, 8},
            {3, 15, 0, 0, 8},
            {4, 15, 2, 0, 16},
            {5, 16, 2, 0, 16},
            {6, 16, 2, 2, 24},
            {7, 16, 2, 2, 24},
            {12, 16, 2, 2, 24}
        };
        for (int[] row : known) {
            int abi = row[0];
            assertThat(Landlock.handledFiles(abi)).as("files, %d", abi).isEqualTo((1L << row[1]) - 1);
            assertThat(Landlock.handledNetwork(abi)).as("network, %d", abi).isEqualTo((1L << row[2]) - 1);
            assertThat(Landlock.scoped(abi)).as("scopes, %d", abi).isEqualTo((1L << row[3]) - 1);
            assertThat(Landlock.rulesetBytes(abi)).as("bytes, %d", abi).isEqualTo(row[4]);
        }
    }

    @Test
    void noAccessGivesRightsThatNobodyNeeds() {
        long devicesFifosAndLinks = 1 << 6 | 1 << 10 | 1 << 11 | 1 << 12 | Landlock.IOCTL_DEV;
        for (Access access : Access.values()) {
            assertThat(access.rights() & devicesFifosAndLinks).as(access.name()).isZero();
            assertThat((access.rights() & Landlock.EXECUTE) != 0).isEqualTo(access == Access.START);
        }
        assertThat(Access.READ.writes()).isFalse();
        assertThat(Access.RECORD.rights() & (Landlock.REMOVE_DIR | Landlock.REFER | Landlock.MAKE_SOCK))
                .isZero();
    }
}
