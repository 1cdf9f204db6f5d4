package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import dev.kept.recording.secret.text.Randomness;
import java.util.ArrayList;
import java.util.List;

/** All known rules: the table of forms, and what no table can express. docs/secrets.md lists them for people. */
public final class SecretRules {
    public static final List<SecretRule> ALL = all();

    private SecretRules() {}

    private static List<SecretRule> all() {
        List<SecretRule> rules = new ArrayList<>(FormTable.read());
        rules.add(new AwsKeyRule());
        rules.add(new KeywordRule(
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
                AwsKeyRule::isSecret));
        rules.add(new KeywordRule(
                SecretKind.AZURE, List.of("AccountKey"), Alphabet.of("0-9A-Za-z+/="), 88, Randomness::isMixed));
        rules.add(new KeywordRule(
                SecretKind.AZURE, List.of("SharedAccessKey"), Alphabet.of("0-9A-Za-z+/="), 44, Randomness::isMixed));
        rules.add(new KeywordRule(
                SecretKind.TWILIO,
                List.of("TWILIO_AUTH_TOKEN", "twilio_auth_token", "twilioAuthToken", "TWILIO_API_SECRET"),
                Alphabet.ALNUM,
                32,
                Randomness::isLikely));
        rules.add(new JwtRule());
        rules.add(new PrivateKeyRule());
        rules.add(new EncodedRule());
        rules.add(new KeyFileRule());
        rules.add(new UrlPasswordRule());
        rules.add(new NameRule());
        rules.add(new AuthorizationRule());
        rules.add(new CookieRule());
        rules.addAll(CommandRule.ALL);
        rules.add(new PhraseRule());
        rules.add(new PipedRule());
        rules.add(new KubernetesSecretRule());
        return List.copyOf(rules);
    }
}
