package io.pantograph.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tests inside the framework: bnd's tester says "No Errors" even when it found no test to run. */
class WiredRanTest {

    private static final Pattern COUNT = Pattern.compile("<testsuite [^>]*\\btests=\"(\\d+)\"");

    @Test
    void theTestsInsideTheFrameworkWereRun() throws Exception {
        List<Path> reports = House.list(House.ROOT.resolve("runtime/wired/target/test-reports/wired"),
                file -> file.getFileName().toString().matches("TEST-.*\\.xml"));
        assertEquals(1, reports.size(), reports.toString());
        Matcher count = COUNT.matcher(Files.readString(reports.get(0)));
        assertTrue(count.find() && Integer.parseInt(count.group(1)) > 0, reports.get(0) + " counts no test");
    }
}
