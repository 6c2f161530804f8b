package io.pantograph.deploy;

import io.pantograph.api.operator.RefusedException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/**
 * Whether a bundle that was started does what it promised: a framework starts one gladly whose component then fails in its constructor.
 * Usually all is there when the start returns; what it references may come a little later.
 */
final class Readiness {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String FORMAT = "pantograph.codec.format";

    private final Ground ground;
    private final BundleContext context;
    private final ServiceComponentRuntime components;

    Readiness(Ground ground, ServiceComponentRuntime components) {
        this.ground = ground;
        context = ground.context();
        this.components = components;
    }

    /** Waits, bounded, for the services that it promised, and has each made. */
    void await(Bundle bundle, Facts facts) throws RefusedException {
        for (String format : facts.formats()) {
            await(() -> services(bundle).anyMatch(service -> speaks(service, format)), facts, "promises a codec for '" + format
                    + "' but registers none; its class must be public, with @Component and @CodecFormat, and what it references must be there", bundle);
        }
        Set<String> promised = facts.offers().stream().flatMap(offer -> Facts.services(offer).stream()).collect(Collectors.toCollection(TreeSet::new));
        promised.removeAll(unconfigured(bundle));
        for (String type : promised) {
            await(() -> services(bundle).anyMatch(service -> is(service, type)), facts, "promises a service " + type + " but registers none", bundle);
        }
        for (ServiceReference<?> service : services(bundle).toList()) {
            if (!made(service, bundle, facts)) {
                throw new RefusedException(facts.title() + " has a " + what(service) + " that cannot be made; "
                        + failure(bundle).orElse("the log says what its constructor threw"));
            }
        }
        await(() -> failure(bundle).isPresent() || unsatisfied(bundle).isEmpty(), facts, "has a component that waits for what is not there", bundle);
        Optional<String> failure = failure(bundle);
        if (failure.isPresent()) {
            throw new RefusedException(facts.title() + " cannot be used: " + failure.get());
        }
    }

    /** Strangers' constructors run in it. */
    private boolean made(ServiceReference<?> service, Bundle bundle, Facts facts) throws RefusedException {
        AtomicBoolean made = new AtomicBoolean();
        try {
            ground.bounded(bundle, "make its services", Ground.STARTING, () -> {
                made.set(context.getService(service) != null);
                if (made.get()) {
                    context.ungetService(service);
                }
            });
        } catch (BundleException e) {
            throw new RefusedException(facts.title() + " has a " + what(service) + " that cannot be made: " + e.getMessage(), e);
        }
        return made.get();
    }

    private static boolean speaks(ServiceReference<?> service, String format) {
        Object formats = service.getProperty(FORMAT);
        return formats instanceof Object[] many ? Arrays.asList(many).contains(format) : format.equals(formats);
    }

    private static boolean is(ServiceReference<?> service, String type) {
        return Arrays.asList((String[]) service.getProperty(Constants.OBJECTCLASS)).contains(type);
    }

    private static String what(ServiceReference<?> service) {
        Object format = service.getProperty(FORMAT);
        return format instanceof String ? "codec for '" + format + "'" : "service " + ((String[]) service.getProperty(Constants.OBJECTCLASS))[0];
    }

    private static Stream<ServiceReference<?>> services(Bundle bundle) {
        ServiceReference<?>[] services = bundle.getRegisteredServices();
        return services == null ? Stream.empty() : Arrays.stream(services);
    }

    private void await(BooleanSupplier there, Facts facts, String otherwise, Bundle bundle) throws RefusedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!there.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                String why = failure(bundle).or(() -> unsatisfied(bundle)).map(cause -> " (" + cause + ')').orElse("");
                throw new RefusedException(facts.title() + ' ' + otherwise + why);
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RefusedException(facts.title() + " was given up in the middle of its start", e);
            }
        }
    }

    private Stream<ComponentDescriptionDTO> described(Bundle bundle) {
        return components.getComponentDescriptionDTOs(bundle).stream();
    }

    private Stream<ComponentConfigurationDTO> configured(Bundle bundle) {
        return described(bundle).flatMap(component -> components.getComponentConfigurationDTOs(component).stream());
    }

    /** What it offers only when somebody has configured it. */
    private Set<String> unconfigured(Bundle bundle) {
        return described(bundle).filter(component -> "require".equals(component.configurationPolicy))
                .flatMap(component -> Arrays.stream(component.serviceInterfaces)).collect(Collectors.toSet());
    }

    private Optional<String> failure(Bundle bundle) {
        return configured(bundle).filter(one -> one.state == ComponentConfigurationDTO.FAILED_ACTIVATION).findFirst()
                .map(one -> "its component " + one.description.name + " failed with " + firstLine(one.failure));
    }

    private static String firstLine(String stack) {
        List<String> lines = stack == null ? List.of() : stack.lines().map(String::trim).toList();
        return lines.stream().filter(line -> line.startsWith("Caused by: ")).reduce((a, b) -> b).map(line -> line.substring(11))
                .orElse(lines.isEmpty() ? "what the log says" : lines.get(0));
    }

    private Optional<String> unsatisfied(Bundle bundle) {
        return configured(bundle).filter(one -> one.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE).findFirst()
                .map(one -> "its component " + one.description.name + " waits for " + references(one));
    }

    private static String references(ComponentConfigurationDTO component) {
        return Arrays.stream(component.description.references)
                .filter(reference -> Arrays.stream(component.unsatisfiedReferences).map((UnsatisfiedReferenceDTO one) -> one.name).anyMatch(reference.name::equals))
                .map(reference -> reference.interfaceName + (reference.target == null ? "" : " with " + reference.target))
                .collect(Collectors.joining(", "));
    }
}
