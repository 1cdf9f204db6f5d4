package dev.kept.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JavaVariablesTest {
    @Test
    void anotherJavaOfKeptHasTheLocaleAndNothingThatJavaObeys() {
        Map<String, String> environment = new HashMap<>(
                Map.of("LC_ALL", "C.UTF-8", "KEPT_CALLER_LC_ALL", "C", "KEPT_JAVA_OPTIONS", "-Da=1", "HOME", "/h"));
        JavaVariables.CLEARED.forEach(name -> environment.put(name, "-Xmx1g"));
        assertThat(JavaVariables.forJava(environment))
                .isEqualTo(Map.of("LC_ALL", "C.UTF-8", "KEPT_JAVA_OPTIONS", "-Da=1", "HOME", "/h"));
    }

    @Test
    void anotherProgramHasTheCallersLocaleOrNoneWhereThereWasNone() {
        Map<String, String> environment = new HashMap<>(Map.of("LC_ALL", "C.UTF-8", "KEPT_CALLER_LC_ALL", "de_DE"));
        JavaVariables.restoreLocale(environment);
        assertThat(environment).isEqualTo(Map.of("LC_ALL", "de_DE"));

        Map<String, String> none = new HashMap<>(Map.of("LC_ALL", "C.UTF-8", "KEPT_CALLER_LC_ALL", ""));
        JavaVariables.restoreLocale(none);
        assertThat(none).isEmpty();

        Map<String, String> withoutLauncher = new HashMap<>(Map.of("LC_ALL", "de_DE"));
        JavaVariables.restoreLocale(withoutLauncher);
        assertThat(withoutLauncher).isEqualTo(Map.of("LC_ALL", "de_DE"));
    }

    @Test
    void onlySystemPropertiesAreTakenForHarmless() {
        assertThat(JavaVariables.weightyOptions(
                        Map.of("KEPT_JAVA_OPTIONS", "-Da=b -javaagent:x.jar\n-XX:NativeMemoryTracking=detail")))
                .containsExactly("-javaagent:x.jar", "-XX:NativeMemoryTracking=detail");
        assertThat(JavaVariables.weightyOptions(Map.of())).isEmpty();
    }
}
