package dev.kept.sandbox;

import java.security.SecureRandom;

/**
 * 192 random bits that let one {@code execve} through the filter: they stand in the three argument registers that the call
 * does not use, where a filter sees them and the kernel looks at nothing. The program that the process becomes has never
 * had them: the memory they stood in is gone with its predecessor.
 */
record LaunchToken(long first, long second, long third) {
    static LaunchToken random() {
        SecureRandom random = new SecureRandom();
        return new LaunchToken(random.nextLong(), random.nextLong(), random.nextLong());
    }
}
