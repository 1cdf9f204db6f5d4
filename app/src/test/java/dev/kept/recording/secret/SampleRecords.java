package dev.kept.recording.secret;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Makes records of any shape with a value in every component, so that a copy that forgets one is noticed. */
public final class SampleRecords {
    private SampleRecords() {}

    /** A record whose texts are all that text, and nothing in which is empty. */
    public static <T> T of(Class<T> type, String text) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = value(components[i].getGenericType(), text);
        }
        Constructor<T> constructor = type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        return constructor.newInstance(values);
    }

    private static Object value(Type type, String text) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType generic) {
            Object inner = value(generic.getActualTypeArguments()[0], "inner");
            return generic.getRawType() == Optional.class ? Optional.of(inner) : List.of(inner);
        }
        Class<?> plain = (Class<?>) type;
        if (plain == String.class) {
            return text;
        }
        if (plain == Instant.class) {
            return Instant.EPOCH;
        }
        if (plain == boolean.class) {
            return true;
        }
        if (plain == int.class) {
            return 7;
        }
        if (plain == long.class) {
            return 7L;
        }
        return plain.isEnum() ? Objects.requireNonNull(plain.getEnumConstants())[1] : of(plain, "inner");
    }

    /** The components that are no plain text, by name. */
    public static Map<String, Object> otherThanTexts(Object sample) throws ReflectiveOperationException {
        Map<String, Object> others = new LinkedHashMap<>();
        for (RecordComponent component : sample.getClass().getRecordComponents()) {
            if (component.getType() != String.class) {
                component.getAccessor().setAccessible(true);
                others.put(
                        component.getName(),
                        Objects.requireNonNull(component.getAccessor().invoke(sample)));
            }
        }
        return others;
    }
}
