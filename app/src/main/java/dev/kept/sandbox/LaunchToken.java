package dev.kept.sandbox;

import java.security.SecureRandom;

/**
 * A secret of 192 random bits that lets one {@code execve} through the filter. They are in the three argument registers
 * that the call does not use, where a filter sees them and the kernel ignores them. The new program never has them:
 * they vanish with the memory of its predecessor.
 */
record LaunchToken(long first, long second, long third) {
    static LaunchToken random() {
        SecureRandom random = new SecureRandom();
        return new LaunchToken(random.nextLong(), random.nextLong(), random.nextLong());
    }
}
