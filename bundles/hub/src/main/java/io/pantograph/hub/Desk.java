package io.pantograph.hub;

import io.pantograph.api.hub.HubTopic;
import io.pantograph.api.hub.Management;
import io.pantograph.api.model.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where what devices say of their management is handed in. While nobody is there, it is acknowledged and not answered, as the cloud's was. */
final class Desk {

    private static final Logger log = LoggerFactory.getLogger(Desk.class);

    private volatile Management management;

    void here(Management management) {
        this.management = management;
    }

    void gone(Management management) {
        if (this.management == management) {
            this.management = null;
        }
    }

    /** Never waits. */
    void heard(HubTopic.Management said, Bytes payload) {
        Management now = management;
        if (now != null) {
            try {
                now.heard(said.device(), said.path(), payload);
            } catch (RuntimeException | LinkageError e) {
                log.warn("device management failed on {} of device {}", said.path(), said.device(), e);
            }
        }
    }
}
