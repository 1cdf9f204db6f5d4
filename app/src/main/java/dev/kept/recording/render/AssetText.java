package dev.kept.recording.render;

import dev.kept.recording.secret.SecretRedactor;
import dev.kept.recording.writer.HarmlessText;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Writer of the text of a JSON string on tape to a file: unescaped, without terminal control sequences, with secrets
 * replaced. In bounded memory, whatever its length.
 */
public final class AssetText {
    private static final int PIECE_CHARS = 16 * 1024;
    private static final int HEX = 16;

    private AssetText() {}

    /**
     * Writes a string.
     *
     * @param quoted the bytes between the string's quotes
     */
    static void write(InputStream quoted, SecretRedactor secrets, OutputStream target) throws IOException {
        write(quoted, true, secrets, target);
    }

    /** Writes a plain text, which is not escaped on tape. */
    static void writePlain(InputStream text, SecretRedactor secrets, OutputStream target) throws IOException {
        write(text, false, secrets, target);
    }

    private static void write(InputStream bytes, boolean escaped, SecretRedactor secrets, OutputStream target)
            throws IOException {
        Reader in = new InputStreamReader(bytes, StandardCharsets.UTF_8);
        Writer out = new OutputStreamWriter(target, StandardCharsets.UTF_8);
        HarmlessText.Sequences sequences = new HarmlessText.Sequences();
        SecretRedactor.Stream redaction = secrets.stream();
        HarmlessText harmless = new HarmlessText();
        StringBuilder piece = new StringBuilder(PIECE_CHARS);
        StringBuilder redacted = new StringBuilder(PIECE_CHARS);
        boolean more = true;
        while (more) {
            more = escaped ? read(in, piece) : readPlain(in, piece);
            redaction.accept(more ? sequences.next(piece) : sequences.last(piece), redacted);
            piece.setLength(0);
            if (!more) {
                redaction.end(redacted);
            }
            out.write(more ? harmless.next(redacted) : harmless.last(redacted));
            redacted.setLength(0);
        }
        out.flush();
    }

    /**
     * Appends the next characters of a text, some thousands; returns false at the end.
     *
     * @param in reads the characters between the string's quotes
     */
    public static boolean read(Reader in, StringBuilder out) throws IOException {
        while (out.length() < PIECE_CHARS) {
            int c = in.read();
            if (c < 0) {
                return false;
            }
            out.append(c == '\\' ? escaped(in) : (char) c);
        }
        return true;
    }

    private static boolean readPlain(Reader in, StringBuilder out) throws IOException {
        while (out.length() < PIECE_CHARS) {
            int c = in.read();
            if (c < 0) {
                return false;
            }
            out.append((char) c);
        }
        return true;
    }

    private static char escaped(Reader in) throws IOException {
        int c = in.read();
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(in.read(), HEX);
                    if (digit < 0) {
                        throw new IOException("a text on tape has a broken escape");
                    }
                    code = code * HEX + digit;
                }
                yield (char) code;
            }
            case -1 -> throw new IOException("a text on tape ends in an escape");
            default -> (char) c;
        };
    }
}
