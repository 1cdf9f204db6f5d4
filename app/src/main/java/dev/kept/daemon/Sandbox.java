package dev.kept.daemon;

import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.config.SandboxMode;
import java.io.IOException;

/** What the operating system holds the daemon to. Put on by the launching process, inherited by the daemon. */
public interface Sandbox {

    /** No confinement. */
    Sandbox NONE = new Sandbox() {
        @Override
        public String name() {
            return "none";
        }

        @Override
        public void confine(KeptHome home, KeptConfig config) {}
    };

    /** The name that the status shows. */
    String name();

    /** Confines this process, and what it becomes, to what the home and the configuration allow. */
    void confine(KeptHome home, KeptConfig config) throws IOException;

    /**
     * The strongest sandbox there is for a mode.
     *
     * @throws IOException if the mode asks for one and there is none; the message says how to start without
     */
    static Sandbox forMode(SandboxMode mode) throws IOException {
        return switch (mode) {
            case AUTO, OFF -> NONE;
            case REQUIRED ->
                throw new IOException("sandbox: required, but this version of Kept cannot confine the daemon yet;"
                        + " set sandbox: auto in config.yaml to start without");
        };
    }
}
