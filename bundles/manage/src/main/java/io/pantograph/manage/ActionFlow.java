package io.pantograph.manage;

import io.pantograph.api.model.DeviceId;
import io.pantograph.api.operator.Deployment;
import io.pantograph.api.operator.Deployments;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Actions that are to be answered when their deployment has come so far: 200 proven or gone, 202 on trial, 500 if not. What is to be said while
 * nobody is there to hear it, or while the gateway restarts, is said later. Only for the steps of one device.
 */
final class ActionFlow {

    @FunctionalInterface
    interface Line {
        /** @return false if there is none */
        boolean answer(String request, int status, String message);
    }

    private record Said(int status, String message) {
    }

    private static final String CHAPTER = "action";
    private static final int MOST_OWED = 100;

    private final DeviceId device;
    private final Deployments deployments;
    private final Notes notes;
    private final Line line;
    /** By deployment, the request. */
    private final Map<String, String> waiting = new HashMap<>();
    /** By request, what could not be said yet. */
    private final Map<String, Said> owed = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Said> eldest) {
            return size() > MOST_OWED;
        }
    };

    ActionFlow(DeviceId device, Deployments deployments, Notes notes, Line line) {
        this.device = device;
        this.deployments = deployments;
        this.notes = notes;
        this.line = line;
    }

    /** What was not answered when the gateway ended. Before anything else is asked, since what was not journalled then has its number used again. */
    void begin() {
        notes.of(device, CHAPTER).forEach((deployment, request) -> {
            Optional<Deployment> found = deployments.deployment(deployment).filter(one -> one.door().equals(Actions.DOOR));
            if (found.isPresent()) {
                waiting.put(deployment, request);
                weigh(found.get());
            } else {
                owed.put(request, new Said(500, "the gateway ended before it had begun; ask again"));
            }
        });
    }

    void add(Deployment begun, String request) {
        waiting.put(begun.id(), request);
        keep();
        weigh(deployments.deployment(begun.id()).orElse(begun)); // it may have come so far before it stood there
    }

    void weigh(Deployment deployment) {
        switch (deployment.state()) {
            case PROVEN, REMOVED -> answer(deployment.id(), 200, said(deployment));
            case SHADOW, PROBATION -> answer(deployment.id(), 202, said(deployment));
            case REFUSED, ROLLED_BACK -> answer(deployment.id(), 500, said(deployment));
            default -> { }
        }
    }

    static String said(Deployment deployment) {
        return deployment.id() + ' ' + deployment.state().word() + (deployment.reason().isEmpty() ? "" : ": " + deployment.reason());
    }

    /** Does nothing if it was answered. */
    void answer(String deployment, int status, String message) {
        String request = waiting.remove(deployment);
        if (request == null) {
            return;
        }
        if (line.answer(request, status, message)) {
            keep();
        } else {
            owed.put(request, new Said(status, message));
        }
    }

    /** There is somebody to hear it again. */
    void connected() {
        if (!owed.isEmpty()) {
            owed.entrySet().removeIf(one -> line.answer(one.getKey(), one.getValue().status(), one.getValue().message()));
            keep();
        }
    }

    /** What is owed needs no note: it is known as long as the gateway runs, and its note is still there. */
    private void keep() {
        Map<String, String> page = new HashMap<>();
        notes.of(device, CHAPTER).forEach((deployment, request) -> {
            if (owed.containsKey(request)) {
                page.put(deployment, request);
            }
        });
        page.putAll(waiting);
        notes.keep(device, CHAPTER, page);
    }
}
