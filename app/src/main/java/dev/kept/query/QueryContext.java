package dev.kept.query;

import dev.kept.archive.SessionArchive;
import dev.kept.config.KeptHome;
import java.time.Clock;

/** The caller of a query: the home that is searched, the caller's clock, and the receiver of notices and progress. */
public interface QueryContext {
    /** Returns the home whose sessions are searched. */
    KeptHome home();

    /** Returns the clock that ages are measured with. */
    Clock clock();

    /** Shows one sentence beside the result, for example that some sessions could not be judged. */
    void showNotice(String sentence);

    /**
     * Begins to show the progress of work that may take long.
     *
     * @param work a noun or participle phrase, for example {@code Reading tapes}
     */
    ProgressDisplay showProgress(String work);

    /** The display of one work's progress. It disappears when it is closed. */
    interface ProgressDisplay extends SessionArchive.Progress, AutoCloseable {
        @Override
        void close();
    }
}
