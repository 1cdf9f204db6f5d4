package dev.kept.recording.secret;

import java.util.Locale;

/** What a secret opens. The public name stands in markers, in {@code status} and in docs/secrets.md; it never changes. */
public enum SecretKind {
    ANTHROPIC,
    ATLASSIAN,
    AWS_KEY_ID,
    AWS_SECRET,
    AZURE,
    CRATES_IO,
    DATABRICKS,
    DIGITALOCEAN,
    DOCKER,
    GITHUB,
    GITLAB,
    GOOGLE,
    GRAFANA,
    GROQ,
    HUGGINGFACE,
    JWT,
    LINEAR,
    NOTION,
    NPM,
    OPENAI,
    OPENROUTER,
    PRIVATE_KEY,
    PYPI,
    RUBYGEMS,
    SENDGRID,
    SENTRY,
    SHOPIFY,
    SLACK,
    STRIPE,
    TWILIO,
    URL_PASSWORD,
    VAULT;

    private final String publicName = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** Its name in markers, e.g. {@code aws-secret}. */
    public String publicName() {
        return publicName;
    }
}
