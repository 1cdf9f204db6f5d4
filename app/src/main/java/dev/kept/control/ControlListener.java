package dev.kept.control;

/** A listener for faults at the control socket. Called on several threads at once. */
public interface ControlListener {
    /** A listener that does nothing. */
    ControlListener NONE = new ControlListener() {
        @Override
        public void refused(String user, long times) {}

        @Override
        public void fault(String code, String detail, long times) {}
    };

    /**
     * Reports that another user than the owner connected.
     *
     * @param user user name, or a number where there is no name
     * @param times number of connections since the previous call
     */
    void refused(String user, long times);

    /**
     * Reports that a client got no answer, or an incomplete one.
     *
     * @param code kind of fault, such as {@code control.silent}
     * @param detail what is known of this fault
     * @param times number of such faults since the previous call with that code
     */
    void fault(String code, String detail, long times);
}
