package io.pantograph.proof;

import java.time.Duration;

/** How often the same checks are repeated. */
public enum Effort {
    /** Before a codec is let serve: a good codec is through in less than 300 ms. */
    INSTALLER(16, 96, 192, 64, 250, Duration.ofSeconds(3)),
    /** In an author's build: a second or two. */
    AUTHOR(256, 4_096, 16_384, 4_000, 10_000, Duration.ofSeconds(120));

    final int singles;
    final int cuts;
    final int flips;
    final int randoms;
    /** Of each of many threads. */
    final int calls;
    final Duration patience;

    Effort(int singles, int cuts, int flips, int randoms, int calls, Duration patience) {
        this.singles = singles;
        this.cuts = cuts;
        this.flips = flips;
        this.randoms = randoms;
        this.calls = calls;
        this.patience = patience;
    }
}
