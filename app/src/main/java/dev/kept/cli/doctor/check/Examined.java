package dev.kept.cli.doctor.check;

import dev.kept.agents.Providers;
import dev.kept.archive.AgentSurvey;
import dev.kept.archive.SessionArchive;
import dev.kept.archive.StoredTape;
import dev.kept.config.ConfigException;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.provider.Provider;
import dev.kept.status.StatusReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The subject of the doctor: a home, its daemon, the agents' folders. Facts that several checks need are determined
 * once, by the first of them. Thread-safe, because a check that hangs keeps its thread.
 */
public final class Examined {
    private final Sources sources;
    private final Depth depth;
    private final SessionArchive.Progress shown;
    private final AtomicLong steps = new AtomicLong();
    private final Once<Configuration> configuration = new Once<>(this::readConfiguration);
    private final Once<Optional<StatusReport>> report = new Once<>(this::askDaemon);
    private final Once<Tapes> tapes = new Once<>(this::listTapes);

    /**
     * The sources of facts.
     *
     * @param javaHome home of the Java in use
     */
    public record Sources(
            KeptHome home,
            Map<String, String> environment,
            Clock clock,
            Path javaHome,
            Fact<Optional<StatusReport>> daemon,
            Fact<ServiceState> service) {}

    /** A fact that is determined on demand. */
    @FunctionalInterface
    public interface Fact<T> {
        /** Determines the fact. */
        T find() throws IOException;
    }

    /**
     * The configuration.
     *
     * @param config the configuration; the defaults if it is refused
     * @param refusal reason of the refusal; empty if it is valid
     */
    record Configuration(KeptConfig config, Optional<String> refusal) {}

    /**
     * The tapes of the home.
     *
     * @param damaged tapes whose manifest cannot be read
     */
    record Tapes(List<StoredTape> readable, List<SessionArchive.Damage> damaged) {}

    /**
     * The optional parts of an examination.
     *
     * @param wholeTapes true to read whole tapes
     * @param histories true to read the agents' lists of prompts
     */
    public record Depth(boolean wholeTapes, boolean histories) {}

    /**
     * Creates an examination in which nothing was examined yet.
     *
     * @param shown listener for progress while much is read
     */
    public Examined(Sources sources, Depth depth, SessionArchive.Progress shown) {
        this.sources = sources;
        this.depth = depth;
        this.shown = shown;
    }

    KeptHome home() {
        return sources.home();
    }

    Map<String, String> environment() {
        return sources.environment();
    }

    Path javaHome() {
        return sources.javaHome();
    }

    Instant now() {
        return sources.clock().instant();
    }

    ServiceState service() throws IOException {
        return sources.service().find();
    }

    boolean wholeTapes() {
        return depth.wholeTapes();
    }

    boolean histories() {
        return depth.histories();
    }

    String forPeople(Path path) {
        return sources.home().forPeople(path);
    }

    Configuration configuration() throws IOException {
        return configuration.get();
    }

    KeptConfig config() throws IOException {
        return configuration().config();
    }

    /** Returns the daemon's report about itself; empty without a daemon, or if it does not answer. */
    Optional<StatusReport> report() throws IOException {
        return report.get();
    }

    Tapes tapes() throws IOException {
        return tapes.get();
    }

    /** Returns the roots of each enabled provider. */
    Map<Provider, List<Path>> roots() throws IOException {
        return Providers.roots(config(), home(), environment());
    }

    /** Returns the stores of each agent on this machine. */
    AgentSurvey agents() throws IOException {
        return AgentSurvey.of(home().userHome(), environment(), roots(), config());
    }

    /** Returns a listener for the progress of long work, which distinguishes it from work that hangs. */
    public SessionArchive.Progress progress() {
        return new SessionArchive.Progress() {
            @Override
            public void begin(long tapes, long bytes) {
                steps.incrementAndGet();
                shown.begin(tapes, bytes);
            }

            @Override
            public void read(long bytes) {
                steps.incrementAndGet();
                shown.read(bytes);
            }
        };
    }

    /** Notes progress of work whose progress is not shown. */
    void step() {
        steps.incrementAndGet();
    }

    /** Returns the number of times that progress was reported. */
    public long steps() {
        return steps.get();
    }

    private Configuration readConfiguration() throws IOException {
        try {
            return new Configuration(ConfigReader.read(home(), Providers.NAMES), Optional.empty());
        } catch (ConfigException e) {
            return new Configuration(KeptConfig.defaults(), Optional.of(String.valueOf(e.getMessage())));
        } catch (IOException e) {
            return new Configuration(
                    KeptConfig.defaults(), Optional.of(home().configFile() + " cannot be read: " + e.getMessage()));
        }
    }

    private Optional<StatusReport> askDaemon() throws IOException {
        return sources.daemon().find();
    }

    private Tapes listTapes() throws IOException {
        SessionArchive archive = new SessionArchive(home(), Providers.ALL);
        List<StoredTape> readable = archive.tapes();
        return new Tapes(readable, archive.damaged());
    }

    /** A fact that is determined once. */
    private static final class Once<T> {
        private final Fact<T> fact;
        private @Nullable T found;

        Once(Fact<T> fact) {
            this.fact = fact;
        }

        synchronized T get() throws IOException {
            T known = found;
            if (known == null) {
                known = fact.find();
                found = known;
            }
            return known;
        }
    }
}
