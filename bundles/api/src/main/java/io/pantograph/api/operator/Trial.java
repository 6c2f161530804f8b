package io.pantograph.api.operator;

import io.pantograph.api.model.Values;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a bundle has to do before it counts as proven. Measured in calls, not by the clock: on a quiet gateway a trial takes long.
 *
 * @param shadowCalls so many copies of live messages before it serves; 0: none
 * @param canary whom it serves first; empty: all at once
 * @param canaryCalls so many calls before it serves all
 * @param calls so many calls on probation; empty: as the gateway is set ({@code pantograph.deploy.calls}, 1,000 unless told)
 * @param errors share of calls that may fail: 0.0 to 1.0
 * @param differences share of compared messages that may come out otherwise than before: 0.0 to 1.0; 1.0 if a new version means to change something
 * @param p99 so long may the slowest hundredth of its calls take at least
 * @param byHand whether it stays on probation until somebody promotes it
 */
public record Trial(long shadowCalls, Optional<Share> canary, long canaryCalls, OptionalLong calls, double errors, double differences,
        Optional<Duration> p99, boolean byHand) {

    /** No shadow, no canary, as many calls as the gateway is set to, no failure, no difference. */
    public static final Trial USUAL = new Trial(0, Optional.empty(), 0, OptionalLong.empty(), 0, 0, Optional.empty(), false);

    private static final long MOST = 1_000_000_000L;

    public Trial {
        within("shadow", shadowCalls);
        within("calls of the canary", canaryCalls);
        calls.ifPresent(number -> within("calls", number));
        share("errors", errors);
        share("differences", differences);
    }

    private static void within(String name, long number) {
        if (number < 0 || number > MOST) {
            throw new IllegalArgumentException("'" + name + "' must be 0 to " + MOST + ", it is " + number);
        }
    }

    private static void share(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("'" + name + "' is a share and must be 0.0 to 1.0, it is " + share);
        }
    }

    /** As the release document has it. @throws IllegalArgumentException naming what is wrong */
    public static Trial of(Values document) {
        Texts.only(document, "'trial'", Set.of("shadow", "canary", "calls", "errors", "differences", "p99-us", "promote"));
        Optional<Values> canary = document.containsKey("canary") ? Optional.of(document.values("canary")) : Optional.empty();
        canary.ifPresent(one -> Texts.only(one, "'canary'", Set.of("devices", "types", "percent", "calls")));
        String promote = document.containsKey("promote") ? document.text("promote") : "rule";
        if (!promote.equals("rule") && !promote.equals("hand")) {
            throw new IllegalArgumentException("'promote' must be rule or hand, it is '" + promote + "'");
        }
        return new Trial(document.containsKey("shadow") ? document.integer("shadow") : 0,
                canary.map(Share::of), canary.filter(one -> one.containsKey("calls")).map(one -> one.integer("calls")).orElse(100L),
                document.containsKey("calls") ? OptionalLong.of(document.integer("calls")) : OptionalLong.empty(),
                document.containsKey("errors") ? document.number("errors") : 0,
                document.containsKey("differences") ? document.number("differences") : 0,
                document.containsKey("p99-us") ? Optional.of(micros(document.integer("p99-us"))) : Optional.empty(),
                promote.equals("hand"));
    }

    private static Duration micros(long p99) {
        if (p99 < 1 || p99 > MOST) {
            throw new IllegalArgumentException("'p99-us' must be 1 to " + MOST + " microseconds, it is " + p99);
        }
        return Duration.ofNanos(1_000 * p99);
    }
}
