package io.pantograph.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pantograph.api.model.Values;
import io.pantograph.api.operator.Change;
import io.pantograph.api.operator.Deployed;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Evidence;
import io.pantograph.api.operator.Part;
import io.pantograph.api.operator.State;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bundles are written as a1: bundle a with the jar 1. */
class DifferenceTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(nullValues = "-", delimiter = '|', textBlock = """
            nothing wanted, nothing here            | -     | -   | -            | -               |       | -
            a new one                               | a1    | -   | -            | -               |       | a1
            is here already                         | a1    | a   | a1 d-1 twin  | -               |       | -
            another door brought the same           | a1    | -   | a1 d-1 drop  | -               |       | -
            another version is here                 | a2    | a   | a1 d-1 twin  | -               |       | a2
            two change together                     | a2 b2 | a b | a1 d-1 twin, b1 d-1 twin | -   |       | a2 b2
            one of two is as it should be           | a1 b2 | a b | a1 d-1 twin, b1 d-1 twin | -   |       | b2
            wanted no longer                        | -     | a   | a1 d-1 twin  | -               |       | a-
            wanted no longer, gone already          | -     | a   | -            | -               |       | -
            another door's stays                    | -     | a   | a1 d-1 drop  | -               |       | -
            another device's stays                  | -     | -   | a1 d-1 twin  | -               |       | -
            on its way                              | a2    | a   | a1 d-1 twin  | d-2 a2          |       | -
            on its way, and another beside it       | a2 b1 | a   | a1 d-1 twin  | d-2 a2          |       | b1
            on probation                            | a2    | a   | a2 d-2 twin  | d-2 a2          |       | -
            superseded                              | a3    | a   | a1 d-1 twin  | d-2 a2          | d-2   | a3
            superseded on probation                 | a3    | a   | a2 d-2 twin  | d-2 a2          | d-2   | a3
            back to what was before                 | a1    | a   | a1 d-1 twin  | d-2 a2          | d-2   | -
            half of it superseded, all goes back    | a2 b3 | a b | a2 d-2 twin, b2 d-2 twin | d-2 a2 b2 | d-2 | a2 b3
            new one is dropped on its way           | -     | a   | a1 d-2 twin  | d-2 a1          | d-2   | -
            later version is dropped on its way     | -     | a   | a2 d-2 twin  | d-2 a2<1        | d-2   | a-
            removal on its way                      | -     | a   | a1 d-1 twin  | d-2 a-          |       | -
            removal on its way is not wanted now    | a1    | a   | a1 d-1 twin  | d-2 a-          | d-2   | -
            """)
    void tellsWhatIsToBeDone(String what, String wanted, String brought, String here, String underWay, String takeBack, String changes) {
        Difference difference = Difference.between(wanted(wanted), words(brought).collect(Collectors.toCollection(TreeSet::new)), here(here),
                underWay == null ? List.of() : List.of(deployment(underWay)));
        assertEquals(takeBack == null ? Set.of() : words(takeBack).collect(Collectors.toSet()), difference.takeBack(), what);
        assertEquals(words(changes).toList(), difference.changes().stream().map(DifferenceTest::shown).toList(), what);
    }

    private static Stream<String> words(String text) {
        return text == null ? Stream.of() : Arrays.stream(text.split(" +")).filter(word -> !word.isEmpty());
    }

    private static String sha(String bundle) {
        return bundle.substring(1, 2).repeat(64);
    }

    private static String shown(Change change) {
        return change instanceof Change.Install install ? install.name().orElseThrow() + Wanted.sha256(install).charAt(0) : ((Change.Remove) change).name() + '-';
    }

    private static Wanted wanted(String bundles) {
        Values.Builder values = Values.builder();
        words(bundles).forEach(one -> values.put(one.substring(0, 1), Values.of("sha256", sha(one))));
        return Wanted.of(values.build(), null);
    }

    private static List<Deployed> here(String here) {
        return here == null ? List.of() : Arrays.stream(here.split(", ")).map(one -> one.split(" ")).map(one -> new Deployed(one[0].substring(0, 1), "1.0.0",
                sha(one[0]), State.PROVEN, one[1], one[2], Optional.empty(), Evidence.NONE, "")).toList();
    }

    private static Deployment deployment(String text) {
        List<Part> parts = words(text).skip(1).map(one -> {
            boolean gone = one.charAt(1) == '-';
            return new Part(one.substring(0, 1), gone ? Optional.empty() : Optional.of("1.0.0"),
                    one.contains("<") ? Optional.of("1.0.0") : Optional.empty(), gone ? Optional.empty() : Optional.of(sha(one)), State.STAGED,
                    Evidence.NONE, "");
        }).toList();
        return new Deployment(text.split(" ")[0], "twin", State.STAGED, "", parts, List.of(), Instant.EPOCH, Optional.empty());
    }
}
