package dev.kept.config;

/**
 * The commented config.yaml that {@code kept init} writes: every key with its default, all but one of them commented
 * out.
 */
final class DefaultConfig {
    private DefaultConfig() {}

    static String text() {
        StringBuilder text = new StringBuilder("""
                # What Kept may do and how much it may use. Every key is optional; a key in a comment shows its default.
                # A mistake here is refused with its line: `kept config validate`.
                # `kept restart` makes changes count.
                """);
        String section = "";
        for (Setting<?> setting : Settings.ALL) {
            int dot = setting.key().indexOf('.');
            String parent = dot < 0 ? "" : setting.key().substring(0, dot);
            String name = setting.key().substring(dot + 1);
            String indent = parent.isEmpty() ? "" : "  ";
            text.append(parent.isEmpty() || !parent.equals(section) ? "\n" : "");
            if (!parent.isEmpty() && !parent.equals(section)) {
                text.append("#").append(parent).append(":\n");
            }
            section = parent;
            for (String line : setting.explanation().lines().toList()) {
                text.append(indent).append("# ").append(line).append('\n');
            }
            // The one list that Kept edits itself is not commented out, so that there is a place to edit.
            text.append(setting.equals(Settings.ALLOWED_WRITE_ROOTS) ? "" : "#")
                    .append(indent)
                    .append(name)
                    .append(": ")
                    .append(setting.written())
                    .append('\n');
        }
        return text.toString();
    }
}
