package dev.kept.recording.secret;

import java.util.List;

/** Secrets from documentation, which open nothing; of each a part that no other secret has. */
final class DocumentedExamples {
    private static final List<String> PARTS = List.of(
            // aws.amazon.com
            "EXAMPLEKEY",
            "IOSFODNN7EXAMPLE",
            "AQoDYXdzEJr",
            // docs.stripe.com
            "4eC39HqLyjWDarjtT1zdp7dc",
            "BQokikJOvBiI2HlWgH4olfQ2",
            "26PHem9AhJZvU623DfE1x4sd",
            // jwt.io
            "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
            "TJVA95OrM7E2cBab30RMHrHDcEfxjoYZgeFONFh7HgQ",
            "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9l",
            // RFC 7519, 7515
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            // RFC 6749, 6750
            "mF_9.B5f-4.1JqM",
            "2YotnFZFEjr1zCsicMWpAA",
            "tGzv3JOkF0XG5Qx2TlKWIA",
            "7Fjfp0ZBr1KtDRbnfVdmIw",
            "czZCaGRSa3F0MzpnWDFmQmF0M2JW",
            // RFC 7617, 2617
            "QWxhZGRpbjpvcGVuIHNlc2FtZQ",
            "QWxhZGRpbjpPcGVuU2VzYW1l",
            "dGVzdDoxMjPCow",
            // docs.github.com
            "16C7e42F292c6912E7710c838347Ae178B4a",
            // learn.microsoft.com: emulators of storage and of Cosmos DB
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq",
            "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw",
            // api.slack.com
            "17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy",
            // developers.google.com: keys of examples and of reCAPTCHA's tests
            "6LeIxAcTAAAAA",
            "SyAnLA7NfeLquW1tJFpx_eQCxoX-oo6YyIs",
            "SyCkEhVjf3pduRDt6d1yKOMitrUEke8agEM",
            "SyDMAScliyLx7F0NPDEJi1QmyCgHIAODrlU",
            "SyD3asb-2pEZVqMkmL6M9N6nHZRR_znhrh0",
            "SyAdOS2zB6NCsk1pCdZ4-P6GBdi_UUPwX7c",
            "SyASWm6HmTMdYWpgMnjRBjxcQ9CKctWmLd4",
            // core.telegram.org
            "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
            "ABC-DEF1234ghIkl-zyx57W2v1u123ew11",
            // discord.com
            "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ",
            "MzI4MzY4NjQ5NTQ5NTI5MDk4",
            // symfony.com, laravel.com, djangoproject.com
            "SomeRandomStringOf32",
            "base64:SomeRandomKey",
            "django-insecure-example",
            "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7");

    private DocumentedExamples() {}

    /** Reports whether a secret is, or contains, a documented example. */
    static boolean isOne(String secret) {
        for (String part : PARTS) {
            if (secret.contains(part)) {
                return true;
            }
        }
        return false;
    }
}
