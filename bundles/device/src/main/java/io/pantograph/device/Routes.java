package io.pantograph.device;

import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.core.Codecs;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The routes asked for so far, so that a reading in a known format costs one look into a map. */
final class Routes {

    private static final int MOST = 256;

    private final Codecs codecs;
    private final Map<String, CodecRoute> known = new ConcurrentHashMap<>();

    Routes(Codecs codecs) {
        this.codecs = codecs;
    }

    CodecRoute of(String format) {
        CodecRoute route = known.get(format);
        if (route == null) {
            route = codecs.route(format);
            if (known.size() < MOST) { // an author who makes up names must not fill the memory
                known.put(format, route);
            }
        }
        return route;
    }
}
