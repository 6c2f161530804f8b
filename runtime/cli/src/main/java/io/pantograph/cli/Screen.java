package io.pantograph.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * What a command reads and writes: results on out, all else on err.
 *
 * @param terminal whether somebody looks
 * @param environment variables by name; null if not set
 */
record Screen(InputStream in, PrintWriter out, PrintWriter err, boolean terminal, UnaryOperator<String> environment) {

    static Screen system() {
        return new Screen(System.in, utf8(System.out), utf8(System.err), System.console() != null, System::getenv);
    }

    // JSON is UTF-8 wherever it goes.
    private static PrintWriter utf8(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    /** A line of results. */
    void say(String line) {
        out.print(line + '\n');
        out.flush();
    }

    void tell(String line) {
        err.print(line + '\n');
        err.flush();
    }
}
