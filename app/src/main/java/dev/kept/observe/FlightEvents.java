package dev.kept.observe;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * Events of the daemon for a flight recording: {@code jcmd PID JFR.start}. While nobody records, reporting an event
 * checks one flag and allocates no object. Until the first recording the event types are not even registered with Java,
 * which takes longer than the rest of a heartbeat. Ids and counts only, never text of a conversation.
 */
@SuppressWarnings("unused") // the flight recorder reads the fields
public final class FlightEvents {
    private FlightEvents() {}

    /** Reports that events were appended to a session. */
    public static void appended(Object session, int events) {
        if (FlightRecorder.isInitialized() && Append.KIND.isEnabled()) {
            Append event = new Append();
            event.session = session.toString();
            event.events = events;
            event.commit();
        }
    }

    /** Reports that events of a session were dropped from memory. */
    public static void evicted(Object session, String reason, long events, long bytes) {
        if (FlightRecorder.isInitialized() && Eviction.KIND.isEnabled()) {
            Eviction event = new Eviction();
            event.session = session.toString();
            event.reason = reason;
            event.events = events;
            event.bytes = bytes;
            event.commit();
        }
    }

    /** Reports that the status was published. */
    public static void heartbeat(int sessions, long events, long bytes) {
        if (FlightRecorder.isInitialized() && Heartbeat.KIND.isEnabled()) {
            Heartbeat event = new Heartbeat();
            event.sessions = sessions;
            event.events = events;
            event.bytes = bytes;
            event.commit();
        }
    }

    /** Reports that the initial scan was read. */
    public static void imported(int files, long bytes) {
        if (FlightRecorder.isInitialized() && Import.KIND.isEnabled()) {
            Import event = new Import();
            event.files = files;
            event.bytes = bytes;
            event.commit();
        }
    }

    @Name("kept.Append")
    @Label("Append")
    @Category("Kept")
    @Description("Events were appended to a session in memory")
    @StackTrace(false)
    private static final class Append extends Event {
        private static final Append KIND = new Append();

        @Label("Session")
        String session = "";

        @Label("Events")
        int events;
    }

    @Name("kept.Eviction")
    @Label("Eviction")
    @Category("Kept")
    @Description("Events of a session were dropped from memory; its tape keeps them")
    @StackTrace(false)
    private static final class Eviction extends Event {
        private static final Eviction KIND = new Eviction();

        @Label("Session")
        String session = "";

        @Label("Reason")
        String reason = "";

        @Label("Events")
        long events;

        @Label("Bytes")
        @DataAmount
        long bytes;
    }

    @Name("kept.Heartbeat")
    @Label("Heartbeat")
    @Category("Kept")
    @Description("The daemon published what it holds, because it changed")
    @StackTrace(false)
    private static final class Heartbeat extends Event {
        private static final Heartbeat KIND = new Heartbeat();

        @Label("Sessions")
        int sessions;

        @Label("Events in memory")
        long events;

        @Label("Snapshot bytes")
        @DataAmount
        long bytes;
    }

    @Name("kept.Import")
    @Label("Import")
    @Category("Kept")
    @Description("All that was there at the start has been read")
    @StackTrace(false)
    private static final class Import extends Event {
        private static final Import KIND = new Import();

        @Label("Files")
        int files;

        @Label("Bytes")
        @DataAmount
        long bytes;
    }
}
