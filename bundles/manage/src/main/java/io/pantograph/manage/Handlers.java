package io.pantograph.manage;

import io.pantograph.api.model.DeviceId;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.ServiceReference;

/** Which handlers there are for restarting. One for any command does not count: it was not written for this. */
final class Handlers {

    private static final List<String> RESTARTING = List.of("reboot", "factory_reset");

    private final Set<ServiceReference<?>> present = ConcurrentHashMap.newKeySet();

    /** @return whether it is one for restarting */
    boolean add(ServiceReference<?> handler) {
        return RESTARTING.stream().anyMatch(command -> isFor(handler, command)) && present.add(handler);
    }

    boolean remove(ServiceReference<?> handler) {
        return present.remove(handler);
    }

    boolean has(DeviceId device, String command) {
        return present.stream().anyMatch(handler -> isFor(handler, command) && fits(handler.getProperty("pantograph.device.type"), device.type())
                && fits(handler.getProperty("pantograph.device.name"), device.name()));
    }

    private static boolean isFor(ServiceReference<?> handler, String command) {
        Object commands = handler.getProperty("pantograph.command");
        return commands instanceof String[] several ? Arrays.asList(several).contains(command) : command.equals(commands);
    }

    private static boolean fits(Object wanted, String is) {
        return wanted == null || wanted.equals("*") || wanted.equals(is);
    }
}
