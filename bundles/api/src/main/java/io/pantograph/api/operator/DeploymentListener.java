package io.pantograph.api.operator;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Is told how deployments go. Register it as a service. Called once at a time, in order, with every change of state and, while calls are
 * counted, at most once a second, on a thread that no other listener waits for; what it throws is logged and changes nothing. One that does
 * not come back hears nothing meanwhile, and of what it has not heard then the last 1,000.
 */
@ConsumerType
@FunctionalInterface
public interface DeploymentListener {

    void changed(Deployment deployment);
}
