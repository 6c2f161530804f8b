package io.pantograph.device;

import io.pantograph.api.device.DeviceOptions;
import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.dialect.Dialect;
import io.pantograph.api.dialect.Profile;

/** How one device is to log in, and who said so. Guarded by the lock of {@link Devices}. */
final class Setup {

    /** Where it was written, for log lines: a file, a configuration, a bundle. */
    final String origin;
    DeviceOptions options;

    /** The one that read the options; null while it is missing. */
    Dialect dialect;
    /** Null while the dialect is missing, or where to go is not known yet. */
    Profile profile;
    /** With which the options were read last. */
    Defaults defaults;
    /** Null until a dialect has said which device this is. */
    Link link;
    /** What was logged of it last, so as not to say it twice. */
    String said = "";

    Setup(String origin, DeviceOptions options) {
        this.origin = origin;
        this.options = options;
    }
}
