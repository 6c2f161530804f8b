package io.pantograph.device;

import io.pantograph.api.device.Device;
import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.device.Gateway;
import io.pantograph.api.model.DeviceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/** The gateway as one bundle sees it; what that bundle opened is closed when it stops. */
@Component(scope = ServiceScope.BUNDLE)
public final class GatewayFacade implements Gateway {

    private final Register register;
    private final String bundle;
    private final Map<DeviceId, Handle> attached = new HashMap<>();
    private final List<Handle> connected = new ArrayList<>();
    private int connects;
    private boolean closed;

    @Activate
    public GatewayFacade(@Reference Devices devices, ComponentContext context) {
        this(devices.register(), context.getUsingBundle() == null ? "?" : context.getUsingBundle().getSymbolicName());
    }

    GatewayFacade(Register register, String bundle) {
        this.register = register;
        this.bundle = bundle;
    }

    @Override
    public synchronized Device attach(DeviceId device) {
        checkOpen();
        Handle handle = attached.get(device);
        if (handle == null) {
            handle = new Handle(register.attach(device), register, null, () -> forget(device));
            attached.put(device, handle);
        }
        return handle;
    }

    @Override
    public synchronized Device connect(DeviceOptions options) {
        checkOpen();
        String origin = "bundle " + bundle + ", connect " + ++connects;
        Handle[] handle = new Handle[1];
        handle[0] = new Handle(register.connect(origin, options), register, origin, () -> forget(handle[0]));
        connected.add(handle[0]);
        return handle[0];
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("bundle " + bundle + " has stopped; its gateway is closed");
        }
    }

    private synchronized void forget(DeviceId device) {
        attached.remove(device);
    }

    private synchronized void forget(Handle handle) {
        connected.remove(handle);
    }

    @Deactivate
    void close() {
        List<Handle> open;
        synchronized (this) {
            closed = true;
            open = new ArrayList<>(connected);
            open.addAll(attached.values());
        }
        List<CompletableFuture<Void>> ending = new ArrayList<>();
        open.forEach(handle -> ending.add(handle.letGo()));
        Register.await(ending);
    }
}
