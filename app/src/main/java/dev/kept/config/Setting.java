package dev.kept.config;

/**
 * One key of config.yaml.
 *
 * @param key its dotted path, e.g. {@code commands.headless}
 * @param standard its default value
 * @param written the default value as written in YAML
 * @param explanation comment for the default file; may have several lines
 * @param reader parses the value in the file, or rejects it
 */
record Setting<T>(String key, T standard, String written, String explanation, Reader<T> reader) {

    /** A parser of the value in the file, which may reject it. */
    interface Reader<T> {
        T read(ConfigNode node) throws ConfigException;
    }

    /** Returns the last word of the key. */
    String name() {
        return key.substring(key.lastIndexOf('.') + 1);
    }
}
