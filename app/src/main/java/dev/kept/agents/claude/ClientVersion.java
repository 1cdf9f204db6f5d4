package dev.kept.agents.claude;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of Claude Code, as in its records. {@link #UNKNOWN}, for records without one, is older than all. {@link
 * #UNREADABLE} is newer than all, so that a version which may write marks is not taken for one that does not.
 */
record ClientVersion(int major, int minor, int patch) {
    static final ClientVersion UNKNOWN = new ClientVersion(0, 0, 0);

    static final ClientVersion UNREADABLE = new ClientVersion(Integer.MAX_VALUE, 0, 0);

    /** The first version in which every prompt has its origin, in {@code origin} and {@code promptSource} (counted). */
    static final ClientVersion NAMES_ORIGIN = new ClientVersion(2, 1, 161);

    /** The first version that writes {@code attachment} records (counted). */
    static final ClientVersion WRITES_ATTACHMENTS = new ClientVersion(2, 1, 111);

    private static final Pattern FORM = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6}).*");

    static ClientVersion parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? new ClientVersion(
                        Integer.parseInt(form.group(1)),
                        Integer.parseInt(form.group(2)),
                        Integer.parseInt(form.group(3)))
                : text.isBlank() ? UNKNOWN : UNREADABLE;
    }

    boolean isBefore(ClientVersion other) {
        if (major != other.major) {
            return major < other.major;
        }
        return minor != other.minor ? minor < other.minor : patch < other.patch;
    }
}
