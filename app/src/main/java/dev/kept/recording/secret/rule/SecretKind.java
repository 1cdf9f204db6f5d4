package dev.kept.recording.secret.rule;

/**
 * A kind of secret, named after what it opens. The name is part of markers, of {@code status} and of docs/secrets.md,
 * and never changes.
 *
 * @param publicName lower-case letters, digits and {@code -}, e.g. {@code aws-secret}
 */
public record SecretKind(String publicName) {
    static final SecretKind AWS_KEY_ID = new SecretKind("aws-key-id");
    static final SecretKind AWS_SECRET = new SecretKind("aws-secret");
    static final SecretKind AUTHORIZATION = new SecretKind("authorization");
    static final SecretKind AZURE = new SecretKind("azure");
    static final SecretKind COOKIE = new SecretKind("cookie");
    static final SecretKind JWT = new SecretKind("jwt");
    static final SecretKind KUBERNETES = new SecretKind("kubernetes");
    static final SecretKind NAMED = new SecretKind("named");
    static final SecretKind PASSWORD = new SecretKind("password");
    static final SecretKind PRIVATE_KEY = new SecretKind("private-key");
    static final SecretKind TWILIO = new SecretKind("twilio");
    static final SecretKind URL_PASSWORD = new SecretKind("url-password");

    public SecretKind {
        if (!publicName.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException("no name of a kind of secret: " + publicName);
        }
    }
}
