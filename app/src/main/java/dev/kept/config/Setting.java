package dev.kept.config;

/**
 * One key of config.yaml.
 *
 * @param key its dotted path, e.g. {@code commands.headless}
 * @param standard its value where the file does not say one
 * @param written how the standard value is written in YAML
 * @param explanation for the commented default file; may have several lines
 * @param reader makes the value of what stands in the file, or refuses it
 */
record Setting<T>(String key, T standard, String written, String explanation, Reader<T> reader) {

    /** Makes a value of what stands in the file, or refuses it. */
    interface Reader<T> {
        T read(ConfigNode node) throws ConfigException;
    }

    /** The last word of the key. */
    String name() {
        return key.substring(key.lastIndexOf('.') + 1);
    }
}
