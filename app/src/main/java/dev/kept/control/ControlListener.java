package dev.kept.control;

/** The receiver of what goes wrong at the control socket. Called on several threads at once. */
public interface ControlListener {
    /** The listener that does nothing. */
    ControlListener NONE = new ControlListener() {
        @Override
        public void refused(String user, long times) {}

        @Override
        public void fault(String code, String detail, long times) {}
    };

    /**
     * Somebody else than the owner connected.
     *
     * @param user a name, or a number where there is no name
     * @param times how often since this was called last
     */
    void refused(String user, long times);

    /**
     * A client got no answer, or none in full.
     *
     * @param code the kind of fault, such as {@code control.silent}
     * @param detail what is known of this one
     * @param times how often since this was called last with that code
     */
    void fault(String code, String detail, long times);
}
