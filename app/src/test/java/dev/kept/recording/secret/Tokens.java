package dev.kept.recording.secret;

import dev.kept.recording.secret.rule.SecretKind;
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

    private static SecretKind kind(String name) {
        return new SecretKind(name);
    }

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
        put(all, kind("github"), githubToken());
        put(all, kind("github"), "gho_" + checked());
        put(all, kind("github"), "ghs_" + mixed(ALNUM, 36));
        put(all, kind("github"), "github_pat_" + mixed(ALNUM, 22) + "_" + mixed(ALNUM, 59));
        put(all, kind("npm"), "npm_" + checked());
        put(all, kind("gitlab"), "glpat-" + mixed(URL, 20));
        put(all, kind("gitlab"), "glpat-" + mixed(ALNUM, 27) + ".01." + of(HEX, 9));
        put(all, kind("slack"), "xoxb-" + of(DIGITS, 12) + "-" + of(DIGITS, 13) + "-" + of(ALNUM, 24));
        put(all, kind("slack"), "xapp-1-A" + mixed(UPPER + DIGITS, 10) + "-" + of(DIGITS, 13) + "-" + of(HEX, 64));
        put(
                all,
                kind("slack"),
                "hooks.slack.com/services/T" + of(UPPER + DIGITS, 9) + "/B" + of(UPPER + DIGITS, 9) + "/"
                        + mixed(ALNUM, 24));
        put(all, kind("aws-key-id"), "AKIA" + of(UPPER + "234567", 16));
        named(all, kind("aws-secret"), "export AWS_SECRET_ACCESS_KEY=", mixed(ALNUM + "/+", 40));
        named(all, kind("aws-secret"), "{\"SecretAccessKey\": \"", mixed(ALNUM, 40));
        named(all, kind("aws-secret"), "AWS Secret Access Key [None]: ", mixed(ALNUM, 40));
        put(all, kind("google"), "AIza" + mixed(URL, 35));
        put(all, kind("google"), "GOCSPX-" + mixed(URL, 28));
        put(all, kind("google"), "ya29." + mixed(URL, 120));
        put(all, kind("stripe"), "sk_" + "live_" + of(ALNUM, 24));
        put(all, kind("stripe"), "whsec_" + mixed(ALNUM, 32));
        put(all, kind("openai"), "sk-proj-" + of(URL, 74) + "T3BlbkFJ" + of(URL, 74));
        put(all, kind("openai"), "sk-" + of(ALNUM, 20) + "T3BlbkFJ" + of(ALNUM, 20));
        put(all, kind("openrouter"), "sk-or-v1-" + of(HEX, 64));
        put(all, kind("anthropic"), "sk-ant-api03-" + mixed(URL, 93) + "AA");
        put(all, kind("anthropic"), "sk-ant-oat01-" + mixed(URL, 93) + "AA");
        put(all, kind("groq"), "gsk_" + mixed(ALNUM, 52));
        put(all, kind("huggingface"), "hf_" + of(LOWER + UPPER, 34));
        put(all, kind("pypi"), "pypi-AgEIcHlwaS5vcmc" + mixed(URL, 140));
        put(
                all,
                kind("jwt"),
                base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + base64("{\"sub\":\"" + of(ALNUM, 30) + "\"}")
                        + "." + of(URL, 43));
        put(all, kind("private-key"), privateKey("RSA PRIVATE KEY", 1190));
        put(all, kind("private-key"), privateKey("PRIVATE KEY", 48));
        put(all, kind("private-key"), privateKey("OPENSSH PRIVATE KEY", 400));
        put(all, kind("private-key"), privateKey("PGP PRIVATE KEY BLOCK", 2000));
        put(all, kind("private-key"), "AGE-SECRET-KEY-1" + of(UPPER + DIGITS, 58));
        named(all, kind("url-password"), "postgres://app:", mixed(ALNUM, 12), "@db.internal:5432/shop");
        named(all, kind("url-password"), "redis://:", mixed(ALNUM, 16), "@cache/0");
        put(all, kind("azure"), mixed(ALNUM, 3) + "8Q~" + mixed(ALNUM + "_-", 34));
        named(all, kind("azure"), "AccountName=shop;AccountKey=", mixed(ALNUM + "+/", 86) + "==", ";Endpoint");
        named(all, kind("azure"), "SharedAccessKey=", mixed(ALNUM + "+/", 43) + "=");
        put(all, kind("twilio"), "SK" + of(HEX, 32));
        named(all, kind("twilio"), "TWILIO_AUTH_TOKEN=\"", of(HEX, 32));
        put(all, kind("sendgrid"), "SG." + mixed(ALNUM, 22) + "." + mixed(ALNUM, 43));
        put(all, kind("digitalocean"), "dop_v1_" + of(HEX, 64));
        put(all, kind("databricks"), "dapi" + of(HEX, 32));
        put(all, kind("shopify"), "shpat_" + of(HEX, 32));
        put(all, kind("docker"), "dckr_pat_" + mixed(URL, 27));
        put(all, kind("vault"), "hvs." + mixed(ALNUM, 90));
        put(all, kind("grafana"), "glsa_" + mixed(ALNUM, 32) + "_" + of(HEX, 8));
        put(all, kind("linear"), "lin_api_" + of(ALNUM, 40));
        put(all, kind("notion"), "ntn_" + mixed(ALNUM, 46));
        put(all, kind("sentry"), "sntryu_" + of(HEX, 64));
        put(all, kind("rubygems"), "rubygems_" + of(HEX, 48));
        put(all, kind("crates-io"), "cio" + mixed(ALNUM, 32));
        put(
                all,
                kind("atlassian"),
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
