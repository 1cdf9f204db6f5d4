package dev.kept.cli.terminal;

/** Styles of text for people; plain if the output is not a terminal or colours are unwanted. */
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
