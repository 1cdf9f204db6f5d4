package dev.kept.tape.document;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.regex.Pattern;

/**
 * A streaming scanner that splits a JSON document, in bounded memory, into the elements of the array {@value #RECORDS}
 * of its outermost object, one by one, and the rest, which is called the shell; both without white space.
 *
 * <p>It also reports whether the document is complete, and whether its white space is that of {@code
 * JSON.stringify(value, null, 2)}: then it can be rebuilt from its parts, byte for byte ({@link PrettyDocument}). One
 * instance serves one document. Not thread-safe.
 */
public final class DocumentScanner {
    /** The array whose elements are records. */
    public static final String RECORDS = "messages";

    private static final String ID = "id";
    private static final int MAX_DEPTH = 500;
    private static final int MAX_NAME_BYTES = 256;
    private static final Pattern SCALAR =
            Pattern.compile("true|false|null|-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

    /** A receiver of the parts; pieces come in order. */
    public interface Sink {
        void shell(byte[] bytes, int length) throws IOException;

        void record(byte[] bytes, int length) throws IOException;

        /**
         * Ends a record.
         *
         * @param id the member {@code id} as it is written between its quotes; empty if it has none
         */
        void recordEnd(String id) throws IOException;
    }

    private enum Expect {
        VALUE,
        VALUE_OR_END,
        NAME,
        NAME_OR_END,
        COLON,
        COMMA_OR_END,
        NOTHING
    }

    private final Sink sink;
    private final byte[] out = new byte[4096];
    private final StringBuilder token = new StringBuilder();
    private final BitSet objects = new BitSet();
    private int outLength;
    private boolean outIsRecord;
    private Expect expect = Expect.VALUE;
    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean isName;
    private boolean inScalar;
    private boolean wrong;
    private boolean pretty = true;
    private int newlines;
    private int blanks;
    private boolean otherSpace;
    private String topName = "";
    private String recordName = "";
    private String recordId = "";
    private boolean inRecords;
    private long shellLength;
    private long recordsAt = -1;

    public DocumentScanner(Sink sink) {
        this.sink = sink;
    }

    /** Scans the next bytes of the document. */
    public void accept(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining() && !wrong) {
            scan(bytes.get());
        }
    }

    /** Ends the document. */
    public void finish() throws IOException {
        if (inScalar) {
            endScalar();
        }
        flush();
        pretty &= newlines == 0 && blanks == 0 && !otherSpace;
        wrong |= expect != Expect.NOTHING || inString || depth != 0;
    }

    /** Reports whether the document is one JSON value with nothing after it. */
    public boolean isWhole() {
        return !wrong;
    }

    /** Reports whether the parts and the white space rules reproduce the document. */
    public boolean isPretty() {
        return pretty && recordsAt >= 0;
    }

    /** Returns the position of the records in the shell; -1 if there is no array of them. */
    public long recordsAt() {
        return recordsAt;
    }

    private void scan(byte b) throws IOException {
        if (inString) {
            inString(b);
        } else if (inScalar && !isDelimiter(b)) {
            token.append((char) (b & 0xff));
            wrong |= token.length() > MAX_NAME_BYTES;
            put(b);
        } else {
            if (inScalar) {
                endScalar();
            }
            outside(b);
        }
    }

    private void inString(byte b) throws IOException {
        put(b);
        wrong |= b >= 0 && b < ' ';
        if (escaped) {
            escaped = false;
        } else if (b == '\\') {
            escaped = true;
        } else if (b == '"') {
            inString = false;
            endString();
            return;
        }
        if (token.length() <= MAX_NAME_BYTES) {
            token.append((char) (b & 0xff));
        }
    }

    private void endString() throws IOException {
        String text = token.length() > MAX_NAME_BYTES ? "" : token.toString();
        token.setLength(0);
        if (isName) {
            if (depth == 1) {
                topName = text;
            } else if (depth == 3) {
                recordName = text;
            }
            expect = Expect.COLON;
            return;
        }
        if (inRecords && depth == 3 && objects.get(2) && recordName.equals(ID)) {
            recordId = new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }
        endValue();
    }

    private void endScalar() throws IOException {
        inScalar = false;
        wrong |= !SCALAR.matcher(token).matches();
        token.setLength(0);
        endValue();
    }

    private void endValue() throws IOException {
        expect = depth == 0 ? Expect.NOTHING : Expect.COMMA_OR_END;
        if (inRecords && depth == 2) {
            flush();
            sink.recordEnd(recordId);
            recordId = "";
        }
    }

    private static boolean isDelimiter(byte b) {
        return b == ',' || b == '}' || b == ']' || isSpace(b);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private void outside(byte b) throws IOException {
        switch (b) {
            case '\n' -> {
                otherSpace |= blanks > 0;
                newlines++;
            }
            case ' ' -> blanks++;
            case '\r', '\t' -> otherSpace = true;
            case '{', '[' -> open(b);
            case '}', ']' -> close(b);
            case ',' -> {
                space(false, 0);
                wrong |= expect != Expect.COMMA_OR_END;
                if (depth > 0) {
                    expect = objects.get(depth - 1) ? Expect.NAME : Expect.VALUE;
                }
                if (!(inRecords && depth == 2)) {
                    put(b);
                }
            }
            case ':' -> {
                space(false, 0);
                wrong |= expect != Expect.COLON;
                expect = Expect.VALUE;
                put(b);
            }
            default -> begin(b);
        }
    }

    /** Begins a string or a scalar. */
    private void begin(byte b) throws IOException {
        boolean name = expect == Expect.NAME || expect == Expect.NAME_OR_END;
        beforeToken(name);
        inString = b == '"';
        inScalar = !inString;
        isName = name;
        wrong |= name && !inString;
        if (inScalar) {
            token.append((char) (b & 0xff));
        }
        put(b);
    }

    /** Checks that a value or a name may appear here, and the white space before it. */
    private void beforeToken(boolean name) {
        boolean value = expect == Expect.VALUE || expect == Expect.VALUE_OR_END;
        wrong |= !name && !value;
        boolean afterColon = value && depth > 0 && objects.get(depth - 1);
        if (afterColon) {
            pretty &= newlines == 0 && blanks == 1 && !otherSpace;
            forgetSpace();
        } else {
            space(depth > 0, depth);
        }
    }

    private void open(byte b) throws IOException {
        beforeToken(false);
        if (wrong || depth >= MAX_DEPTH) {
            wrong = true;
            return;
        }
        if (depth == 1 && b == '[' && objects.get(0) && topName.equals(RECORDS)) {
            inRecords = true;
            put(b);
            flush();
            // A duplicate name: the document cannot be rebuilt from its parts.
            pretty &= recordsAt < 0;
            recordsAt = shellLength;
        } else {
            put(b);
        }
        objects.set(depth, b == '{');
        depth++;
        expect = b == '{' ? Expect.NAME_OR_END : Expect.VALUE_OR_END;
    }

    private void close(byte b) throws IOException {
        boolean empty = expect == Expect.NAME_OR_END || expect == Expect.VALUE_OR_END;
        wrong |= depth == 0
                || (!empty && expect != Expect.COMMA_OR_END)
                || objects.get(Math.max(0, depth - 1)) != (b == '}');
        if (wrong) {
            return;
        }
        space(!empty, depth - 1);
        if (inRecords && depth == 2) {
            inRecords = false;
        }
        depth--;
        put(b);
        endValue();
    }

    /** Compares the white space before a token with what the rules require there. */
    private void space(boolean newline, int level) {
        pretty &= !otherSpace && newlines == (newline ? 1 : 0) && blanks == (newline ? 2 * level : 0);
        forgetSpace();
    }

    private void forgetSpace() {
        newlines = 0;
        blanks = 0;
        otherSpace = false;
    }

    private void put(byte b) throws IOException {
        boolean isRecord = inRecords && depth >= 2;
        if (outLength == out.length || isRecord != outIsRecord) {
            flush();
            outIsRecord = isRecord;
        }
        out[outLength++] = b;
    }

    private void flush() throws IOException {
        if (outLength > 0) {
            if (outIsRecord) {
                sink.record(out, outLength);
            } else {
                shellLength += outLength;
                sink.shell(out, outLength);
            }
            outLength = 0;
        }
    }
}
