package dev.kept.recording.secret;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;

/** Makes secrets of every form by lot, so that none stands in a file of the project. */
final class Tokens {
    private static final String DIGITS = "0123456789";
    private static final String HEX = DIGITS + "abcdef";
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    private static final String ALNUM = DIGITS + UPPER + LOWER;
    private static final String URL = ALNUM + "-_";

    private final Random random;

    Tokens(long seed) {
        this.random = new Random(seed);
    }

    String of(String alphabet, int length) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < length; i++) {
            out.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return out.toString();
    }

    private String mixed(String alphabet, int length) {
        return of(alphabet, length - 3) + of(UPPER, 1) + of(LOWER, 1) + of(DIGITS, 1);
    }

    /** Thirty characters and their checksum. */
    private String checked() {
        String body = of(ALNUM, 30);
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        String base62 = DIGITS + UPPER + LOWER;
        StringBuilder sum = new StringBuilder();
        for (long left = crc.getValue(); sum.length() < 6; left /= 62) {
            sum.insert(0, base62.charAt((int) (left % 62)));
        }
        return body + sum;
    }

    private String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    String privateKey(String label, int bytes) {
        byte[] content = new byte[bytes];
        random.nextBytes(content);
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + label
                + "-----";
    }

    String githubToken() {
        return "ghp_" + checked();
    }

    /** One of each form: the text in which it stands, and it. Where a name must stand before it, the text has it. */
    Map<String, Sample> all() {
        Map<String, Sample> all = new LinkedHashMap<>();
        put(all, SecretKind.GITHUB, githubToken());
        put(all, SecretKind.GITHUB, "gho_" + checked());
        put(all, SecretKind.GITHUB, "ghs_" + mixed(ALNUM, 36));
        put(all, SecretKind.GITHUB, "github_pat_" + mixed(ALNUM, 22) + "_" + mixed(ALNUM, 59));
        put(all, SecretKind.NPM, "npm_" + checked());
        put(all, SecretKind.GITLAB, "glpat-" + mixed(URL, 20));
        put(all, SecretKind.GITLAB, "glpat-" + mixed(ALNUM, 27) + ".01." + of(HEX, 9));
        put(all, SecretKind.SLACK, "xoxb-" + of(DIGITS, 12) + "-" + of(DIGITS, 13) + "-" + of(ALNUM, 24));
        put(all, SecretKind.SLACK, "xapp-1-A" + mixed(UPPER + DIGITS, 10) + "-" + of(DIGITS, 13) + "-" + of(HEX, 64));
        put(
                all,
                SecretKind.SLACK,
                "hooks.slack.com/services/T" + of(UPPER + DIGITS, 9) + "/B" + of(UPPER + DIGITS, 9) + "/"
                        + mixed(ALNUM, 24));
        put(all, SecretKind.AWS_KEY_ID, "AKIA" + of(UPPER + "234567", 16));
        named(all, SecretKind.AWS_SECRET, "export AWS_SECRET_ACCESS_KEY=", mixed(ALNUM + "/+", 40));
        named(all, SecretKind.AWS_SECRET, "{\"SecretAccessKey\": \"", mixed(ALNUM, 40));
        named(all, SecretKind.AWS_SECRET, "AWS Secret Access Key [None]: ", mixed(ALNUM, 40));
        put(all, SecretKind.GOOGLE, "AIza" + mixed(URL, 35));
        put(all, SecretKind.GOOGLE, "GOCSPX-" + mixed(URL, 28));
        put(all, SecretKind.GOOGLE, "ya29." + mixed(URL, 120));
        put(all, SecretKind.STRIPE, "sk_" + "live_" + of(ALNUM, 24));
        put(all, SecretKind.STRIPE, "whsec_" + mixed(ALNUM, 32));
        put(all, SecretKind.OPENAI, "sk-proj-" + of(URL, 74) + "T3BlbkFJ" + of(URL, 74));
        put(all, SecretKind.OPENAI, "sk-" + of(ALNUM, 20) + "T3BlbkFJ" + of(ALNUM, 20));
        put(all, SecretKind.OPENROUTER, "sk-or-v1-" + of(HEX, 64));
        put(all, SecretKind.ANTHROPIC, "sk-ant-api03-" + mixed(URL, 93) + "AA");
        put(all, SecretKind.ANTHROPIC, "sk-ant-oat01-" + mixed(URL, 93) + "AA");
        put(all, SecretKind.GROQ, "gsk_" + mixed(ALNUM, 52));
        put(all, SecretKind.HUGGINGFACE, "hf_" + of(LOWER + UPPER, 34));
        put(all, SecretKind.PYPI, "pypi-AgEIcHlwaS5vcmc" + mixed(URL, 140));
        put(
                all,
                SecretKind.JWT,
                base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + base64("{\"sub\":\"" + of(ALNUM, 30) + "\"}")
                        + "." + of(URL, 43));
        put(all, SecretKind.PRIVATE_KEY, privateKey("RSA PRIVATE KEY", 1190));
        put(all, SecretKind.PRIVATE_KEY, privateKey("PRIVATE KEY", 48));
        put(all, SecretKind.PRIVATE_KEY, privateKey("OPENSSH PRIVATE KEY", 400));
        put(all, SecretKind.PRIVATE_KEY, privateKey("PGP PRIVATE KEY BLOCK", 2000));
        put(all, SecretKind.PRIVATE_KEY, "AGE-SECRET-KEY-1" + of(UPPER + DIGITS, 58));
        named(all, SecretKind.URL_PASSWORD, "postgres://app:", mixed(ALNUM, 12), "@db.internal:5432/shop");
        named(all, SecretKind.URL_PASSWORD, "redis://:", mixed(ALNUM, 16), "@cache/0");
        put(all, SecretKind.AZURE, mixed(ALNUM, 3) + "8Q~" + mixed(ALNUM + "_-", 34));
        named(all, SecretKind.AZURE, "AccountName=shop;AccountKey=", mixed(ALNUM + "+/", 86) + "==", ";Endpoint");
        named(all, SecretKind.AZURE, "SharedAccessKey=", mixed(ALNUM + "+/", 43) + "=");
        put(all, SecretKind.TWILIO, "SK" + of(HEX, 32));
        named(all, SecretKind.TWILIO, "TWILIO_AUTH_TOKEN=\"", of(HEX, 32));
        put(all, SecretKind.SENDGRID, "SG." + mixed(ALNUM, 22) + "." + mixed(ALNUM, 43));
        put(all, SecretKind.DIGITALOCEAN, "dop_v1_" + of(HEX, 64));
        put(all, SecretKind.DATABRICKS, "dapi" + of(HEX, 32));
        put(all, SecretKind.SHOPIFY, "shpat_" + of(HEX, 32));
        put(all, SecretKind.DOCKER, "dckr_pat_" + mixed(URL, 27));
        put(all, SecretKind.VAULT, "hvs." + mixed(ALNUM, 90));
        put(all, SecretKind.GRAFANA, "glsa_" + mixed(ALNUM, 32) + "_" + of(HEX, 8));
        put(all, SecretKind.LINEAR, "lin_api_" + of(ALNUM, 40));
        put(all, SecretKind.NOTION, "ntn_" + mixed(ALNUM, 46));
        put(all, SecretKind.SENTRY, "sntryu_" + of(HEX, 64));
        put(all, SecretKind.RUBYGEMS, "rubygems_" + of(HEX, 48));
        put(all, SecretKind.CRATES_IO, "cio" + mixed(ALNUM, 32));
        put(
                all,
                SecretKind.ATLASSIAN,
                "ATATT3xFfGF0" + mixed(URL, 170) + "=" + of(HEX, 8).toUpperCase(java.util.Locale.ROOT));
        return all;
    }

    /**
     * A secret and what stands around it.
     *
     * @param before a name that it needs; may be empty
     */
    record Sample(SecretKind kind, String before, String secret, String after) {
        String text() {
            return before + secret + after;
        }
    }

    private static void put(Map<String, Sample> all, SecretKind kind, String secret) {
        named(all, kind, "", secret);
    }

    private static void named(Map<String, Sample> all, SecretKind kind, String before, String secret) {
        named(all, kind, before, secret, "");
    }

    private static void named(Map<String, Sample> all, SecretKind kind, String before, String secret, String after) {
        all.put(kind.publicName() + " " + all.size(), new Sample(kind, before, secret, after));
    }
}
