package io.pantograph.cli;

/** How far long work has come, on a line that is written over; only where somebody looks. */
final class Progress implements AutoCloseable {

    private static final int STEP = 10;

    private final Screen screen;
    private final String what;
    private final long all;
    private long shown;

    /** @param all 0 if nobody knows how many */
    Progress(Screen screen, String what, long all) {
        this.screen = screen;
        this.what = what;
        this.all = all;
    }

    void at(long done) {
        if (screen.terminal() && (done - shown >= STEP || done == all)) {
            shown = done;
            screen.err().print("\r" + done + (all > 0 ? " of " + all : "") + ' ' + what);
            screen.err().flush();
        }
    }

    @Override
    public void close() {
        if (shown > 0) {
            screen.err().print("\r\u001b[K");
            screen.err().flush();
        }
    }
}
