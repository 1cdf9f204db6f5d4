package dev.kept.cli;

/** How words are set off for people; plain where nobody looks or colors are not wanted. */
record Style(boolean color) {
    String strong(String text) {
        return with("1", text);
    }

    String quiet(String text) {
        return with("2", text);
    }

    String good(String text) {
        return with("32", text);
    }

    String bad(String text) {
        return with("31", text);
    }

    String person(String text) {
        return with("1;36", text);
    }

    private String with(String code, String text) {
        return color && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
