package io.pantograph.api.operator;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Is told how deployments go. Register it as a service. Called on one thread, in order, with every change of state and, while calls are
 * counted, at most once a second; what it throws is logged and changes nothing.
 */
@ConsumerType
@FunctionalInterface
public interface DeploymentListener {

    void changed(Deployment deployment);
}
