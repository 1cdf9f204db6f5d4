package dev.kept.recording.secret;

import dev.kept.recording.secret.TokenRule.Check;
import java.util.List;

/**
 * The table: every form of secret that is known. The forms are those that their makers publish; docs/secrets.md lists them
 * for people.
 */
final class SecretRules {
    private static final Check LIKELY = Randomness::isLikely;
    private static final Check CRC = Randomness::hasBase62Crc;
    private static final Check MIXED =
            (text, from, to) -> Randomness.isMixed(text, from, to) && Randomness.isLikely(text, from, to);

    /** What every key of OpenAI has in its middle: "OpenAI" in base64. */
    private static final String OPENAI = "T3BlbkFJ";

    private static final Check OPENAI_KEY =
            (text, from, to) -> text.subSequence(from, to).toString().contains(OPENAI);

    /** Where there is a user, a bot and an app, their numbers stand first. */
    private static final Check SLACK =
            (text, from, to) -> Alphabet.DIGITS.run(text, from, 20) - from >= 9 || Randomness.isMixed(text, from, to);

    static final List<SecretRule> ALL = List.of(
            TokenRule.exactly(SecretKind.GITHUB, 36, Alphabet.ALNUM, CRC, "ghp_", "gho_", "ghu_", "ghr_"),
            new TokenRule(SecretKind.GITHUB, List.of("ghs_"), Alphabet.of("0-9A-Za-z._-"), 36, 2048, MIXED),
            TokenRule.exactly(SecretKind.GITHUB, 82, Alphabet.of("0-9A-Za-z_"), MIXED, "github_pat_"),
            TokenRule.exactly(SecretKind.NPM, 36, Alphabet.ALNUM, CRC, "npm_"),
            new TokenRule(
                    SecretKind.GITLAB,
                    List.of("glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-", "glft-", "glimt-", "glagent-"),
                    Alphabet.of("0-9A-Za-z_.-"),
                    20,
                    320,
                    LIKELY),
            new TokenRule(
                    SecretKind.SLACK,
                    List.of(
                            "xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-", "xoxc-", "xoxd-", "xoxe-", "xoxe.",
                            "xapp-"),
                    Alphabet.of("0-9A-Za-z%.-"),
                    24,
                    400,
                    SLACK),
            new TokenRule(
                    SecretKind.SLACK,
                    List.of("hooks.slack.com/services/T", "hooks.slack.com/workflows/T"),
                    Alphabet.of("0-9A-Za-z/"),
                    30,
                    120,
                    MIXED),
            new AwsKeyRule(),
            new KeywordRule(
                    SecretKind.AWS_SECRET,
                    List.of(
                            "AWS_SECRET_ACCESS_KEY",
                            "aws_secret_access_key",
                            "AWS_SECRET_KEY",
                            "aws_secret_key",
                            "SecretAccessKey",
                            "secretAccessKey",
                            "secret_access_key",
                            "Secret Access Key",
                            "Secret access key"),
                    Alphabet.BASE64,
                    40,
                    AwsKeyRule::isSecret),
            TokenRule.exactly(SecretKind.GOOGLE, 35, Alphabet.BASE64_URL, LIKELY, "AIza"),
            TokenRule.exactly(SecretKind.GOOGLE, 28, Alphabet.BASE64_URL, LIKELY, "GOCSPX-"),
            new TokenRule(SecretKind.GOOGLE, List.of("ya29."), Alphabet.of("0-9A-Za-z._-"), 40, 2048, MIXED),
            new TokenRule(
                    SecretKind.STRIPE, List.of("sk_live_", "rk_live_"), Alphabet.of("0-9A-Za-z_"), 20, 247, LIKELY),
            new TokenRule(SecretKind.STRIPE, List.of("whsec_"), Alphabet.BASE64, 32, 128, MIXED),
            new TokenRule(
                    SecretKind.OPENAI,
                    List.of("sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"),
                    Alphabet.BASE64_URL,
                    40,
                    240,
                    OPENAI_KEY),
            TokenRule.exactly(SecretKind.OPENAI, 48, Alphabet.ALNUM, OPENAI_KEY, "sk-"),
            TokenRule.exactly(SecretKind.OPENROUTER, 64, Alphabet.HEX, LIKELY, "sk-or-v1-"),
            new TokenRule(
                    SecretKind.ANTHROPIC,
                    List.of("sk-ant-api", "sk-ant-admin", "sk-ant-oat", "sk-ant-ort", "sk-ant-sid", "sk-ant-usr"),
                    Alphabet.BASE64_URL,
                    80,
                    240,
                    MIXED),
            TokenRule.exactly(SecretKind.GROQ, 52, Alphabet.ALNUM, MIXED, "gsk_"),
            new TokenRule(SecretKind.HUGGINGFACE, List.of("hf_", "api_org_"), Alphabet.ALNUM, 34, 40, LIKELY),
            new TokenRule(SecretKind.PYPI, List.of("pypi-AgE"), Alphabet.BASE64_URL, 50, 1024, MIXED),
            new JwtRule(),
            new PrivateKeyRule(),
            TokenRule.exactly(SecretKind.PRIVATE_KEY, 58, Alphabet.of("0-9A-Z"), LIKELY, "AGE-SECRET-KEY-1"),
            new UrlPasswordRule(),
            new AzureClientSecretRule(),
            new KeywordRule(SecretKind.AZURE, List.of("AccountKey"), Alphabet.of("0-9A-Za-z+/="), 88, MIXED),
            new KeywordRule(SecretKind.AZURE, List.of("SharedAccessKey"), Alphabet.of("0-9A-Za-z+/="), 44, MIXED),
            TokenRule.exactly(SecretKind.TWILIO, 32, Alphabet.HEX, LIKELY, "SK"),
            new KeywordRule(
                    SecretKind.TWILIO,
                    List.of("TWILIO_AUTH_TOKEN", "twilio_auth_token", "twilioAuthToken", "TWILIO_API_SECRET"),
                    Alphabet.ALNUM,
                    32,
                    LIKELY),
            TokenRule.exactly(SecretKind.SENDGRID, 66, Alphabet.of("0-9A-Za-z._-"), MIXED, "SG."),
            TokenRule.exactly(SecretKind.DIGITALOCEAN, 64, Alphabet.HEX, LIKELY, "dop_v1_", "doo_v1_", "dor_v1_"),
            new TokenRule(SecretKind.DATABRICKS, List.of("dapi"), Alphabet.of("0-9a-f-"), 32, 34, LIKELY),
            TokenRule.exactly(
                    SecretKind.SHOPIFY, 32, Alphabet.of("0-9A-Fa-f"), LIKELY, "shpat_", "shpca_", "shppa_", "shpss_"),
            new TokenRule(SecretKind.DOCKER, List.of("dckr_pat_", "dckr_oat_"), Alphabet.BASE64_URL, 27, 32, LIKELY),
            new TokenRule(SecretKind.VAULT, List.of("hvs.", "hvb."), Alphabet.BASE64_URL, 24, 300, MIXED),
            new TokenRule(
                    SecretKind.GRAFANA, List.of("glsa_", "glc_eyJ"), Alphabet.of("0-9A-Za-z_+/="), 41, 400, MIXED),
            new TokenRule(SecretKind.LINEAR, List.of("lin_api_", "lin_oauth_"), Alphabet.ALNUM, 40, 64, LIKELY),
            new TokenRule(SecretKind.NOTION, List.of("ntn_"), Alphabet.ALNUM, 40, 50, MIXED),
            new TokenRule(
                    SecretKind.SENTRY, List.of("sntrys_", "sntryu_"), Alphabet.of("0-9A-Za-z+/=_"), 64, 1024, LIKELY),
            TokenRule.exactly(SecretKind.RUBYGEMS, 48, Alphabet.HEX, LIKELY, "rubygems_"),
            TokenRule.exactly(SecretKind.CRATES_IO, 32, Alphabet.ALNUM, MIXED, "cio"),
            new TokenRule(
                    SecretKind.ATLASSIAN, List.of("ATATT3x", "ATCTT3x"), Alphabet.of("0-9A-Za-z_=-"), 100, 300, MIXED));

    private SecretRules() {}
}
