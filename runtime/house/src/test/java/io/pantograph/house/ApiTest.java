package io.pantograph.house;

import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import aQute.bnd.osgi.Analyzer;
import aQute.bnd.osgi.Descriptors.PackageRef;
import aQute.bnd.osgi.Jar;
import io.pantograph.house.House.Built;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contracts: versioned, free of foreign types, and built on each other in one direction. */
class ApiTest {

    private static final String API = "io.pantograph.api.";

    private static Built api;
    private static Map<String, Set<String>> uses;

    @BeforeAll
    static void read() throws Exception {
        api = House.bundles("bundles").stream().filter(bundle -> bundle.name().equals("api")).findFirst().orElseThrow();
        uses = new TreeMap<>();
        try (Analyzer analyzer = new Analyzer(new Jar(api.jar().toFile()))) {
            analyzer.analyze();
            for (Map.Entry<PackageRef, List<PackageRef>> entry : analyzer.getUses().entrySet()) {
                entry.getValue().forEach(used -> add(entry.getKey(), used));
            }
            analyzer.getClassspace().values().forEach(type ->
                    type.getReferred().forEach(used -> add(type.getClassName().getPackageRef(), used)));
        }
    }

    private static void add(PackageRef from, PackageRef to) {
        if (!from.equals(to)) {
            uses.computeIfAbsent(from.getFQN(), none -> new TreeSet<>()).add(to.getFQN());
        }
    }

    @Test
    void everyPackageIsExportedWithAVersion() {
        assertEquals(api.packages(), List.copyOf(api.clauses("Export-Package").keySet()));
        api.clauses("Export-Package").forEach((name, attributes) -> assertNotNull(attributes.getVersion(), name));
    }

    @Test
    void noForeignTypeIsInIt() {
        assertEquals(List.of(), uses.values().stream().flatMap(Set::stream).distinct()
                .filter(one -> !one.startsWith(API) && !one.startsWith("java.") && !one.startsWith("javax.net") && !one.startsWith("org.osgi."))
                .collect(toList()));
    }

    @Test
    void theModelIsBuiltOnNothing() {
        assertEquals(List.of(), uses.get(API + "model").stream().filter(one -> one.startsWith(API)).collect(toList()));
    }

    @Test
    void noPackageIsBuiltOnItself() {
        List<String> cycles = new ArrayList<>();
        for (String start : uses.keySet()) {
            Deque<String> open = new ArrayDeque<>(uses.get(start));
            Set<String> seen = new TreeSet<>();
            while (!open.isEmpty()) {
                String here = open.pop();
                if (seen.add(here)) {
                    open.addAll(uses.getOrDefault(here, Set.of()));
                }
            }
            if (seen.contains(start)) {
                cycles.add(start);
            }
        }
        assertEquals(List.of(), cycles);
    }
}
