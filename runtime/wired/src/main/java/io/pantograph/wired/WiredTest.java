package io.pantograph.wired;

import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pantograph.api.core.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/** Starts every room of hub and gateway in one framework and looks whether each found what it needs. */
class WiredTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @InjectBundleContext
    BundleContext context;

    @InjectService
    ServiceComponentRuntime components;

    @InjectService(timeout = 10_000)
    Settings settings;

    @Test
    void everyBundleRuns() {
        assertEquals(List.of(), Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getState() != Bundle.ACTIVE && !isFragment(bundle) && !startsWhenUsed(bundle))
                .map(Bundle::toString).collect(toList()));
    }

    // A component that lacks a reference says nothing to anybody: the box starts, and something just never happens.
    @Test
    void everyComponentHasWhatItNeeds() throws Exception {
        Instant end = Instant.now().plus(PATIENCE);
        while (!wanting().isEmpty() && Instant.now().isBefore(end)) {
            Thread.sleep(50);
        }
        assertEquals(List.of(), wanting());
    }

    @Test
    void everyRoomBringsAComponent() {
        List<String> rooms = Arrays.stream(context.getBundles()).map(Bundle::getSymbolicName)
                .filter(name -> name.startsWith("io.pantograph.") && !name.matches("io\\.pantograph\\.(api|wired)"))
                .collect(toList());
        List<String> lively = components.getComponentDescriptionDTOs().stream()
                .map(component -> component.bundle.symbolicName).distinct().collect(toList());
        assertTrue(rooms.size() >= 14, rooms.toString());
        assertEquals(List.of(), rooms.stream().filter(room -> !lively.contains(room)).collect(toList()));
    }

    @Test
    void theSettingsAreThoseOfThisRun() throws Exception {
        assertEquals(context.getProperty("pantograph.home"), settings.home().toString());
        assertEquals(0, settings.port("pantograph.hub.mqtt.port", 1883));
    }

    private List<String> wanting() {
        return components.getComponentDescriptionDTOs().stream()
                .filter(component -> component.bundle.symbolicName.startsWith("io.pantograph."))
                .flatMap(component -> components.getComponentConfigurationDTOs(component).stream())
                .flatMap(WiredTest::wants)
                .sorted().collect(toList());
    }

    private static Stream<String> wants(ComponentConfigurationDTO configuration) {
        return switch (configuration.state) {
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> Arrays.stream(configuration.unsatisfiedReferences)
                    .map((UnsatisfiedReferenceDTO reference) -> configuration.description.name + " lacks " + reference.name
                            + (reference.target == null ? "" : " " + reference.target));
            case ComponentConfigurationDTO.FAILED_ACTIVATION ->
                Stream.of(configuration.description.name + " failed: " + configuration.failure.lines().findFirst().orElse(""));
            default -> Stream.empty();
        };
    }

    private static boolean isFragment(Bundle bundle) {
        return bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
    }

    private static boolean startsWhenUsed(Bundle bundle) {
        return bundle.getState() == Bundle.STARTING && bundle.getHeaders().get(Constants.BUNDLE_ACTIVATIONPOLICY) != null;
    }
}
