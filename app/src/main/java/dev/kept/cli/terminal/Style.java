package dev.kept.cli.terminal;

/** How words are set off for people; plain where nobody looks or colors are not wanted. */
public record Style(boolean color) {
    public String strong(String text) {
        return with("1", text);
    }

    public String quiet(String text) {
        return with("2", text);
    }

    public String good(String text) {
        return with("32", text);
    }

    public String bad(String text) {
        return with("31", text);
    }

    public String person(String text) {
        return with("1;36", text);
    }

    private String with(String code, String text) {
        return color && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
