package io.pantograph.dialect.azure;

import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.dialect.Reading;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Headers;
import io.pantograph.api.model.Provenance;
import io.pantograph.api.model.Qos;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What most tests begin with. */
final class Given {

    static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZg==";
    static final String DEVICE = "HostName=myhub.azure-devices.net;DeviceId=dev1;SharedAccessKey=" + KEY;
    static final String MODULE = "HostName=myhub.azure-devices.net;DeviceId=dev1;ModuleId=mod1;SharedAccessKey=" + KEY;
    static final Defaults STAND_IN = new Defaults(Optional.of("localhost"), OptionalInt.of(40883), OptionalInt.of(41883), Optional.of("shop-floor"));
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private Given() {
    }

    /** Settings as {@code name=value,name=value}; "" for none. */
    static Map<String, String> settings(String text) {
        Map<String, String> settings = new HashMap<>();
        if (text != null) {
            for (String one : text.split(",")) {
                int at = one.indexOf('=');
                if (at > 0) {
                    settings.put(one.substring(0, at).strip(), one.substring(at + 1).strip());
                }
            }
        }
        return settings;
    }

    static Profile profile(String connectionString, String more) {
        Map<String, String> settings = settings(more);
        settings.put("connection-string", connectionString);
        return new AzureDialect().profile(settings, Defaults.NONE);
    }

    static Profile device(String more) {
        return profile(DEVICE, more);
    }

    static Reading reading(String event, String format, Bytes body, Qos qos, Map<String, String> properties) {
        return new Reading(event, format, body, qos, properties, Optional.empty(), Optional.empty(), NOW, Optional.empty());
    }

    /** The same, written by a codec. */
    static Reading by(Provenance codec, Reading reading) {
        return new Reading(reading.event(), reading.format(), reading.payload(), reading.qos(), reading.properties(), reading.messageId(),
                reading.correlationId(), reading.accepted(), reading.expiry(), reading.headers(), codec);
    }

    static Reading json(Map<String, String> properties) {
        return reading("status", "json", Bytes.utf8("{}"), Qos.AT_LEAST_ONCE, properties);
    }

    static Reading full(Map<String, String> properties, String messageId, String correlationId, Instant expiry, Headers headers) {
        return new Reading("status", "json", Bytes.utf8("{}"), Qos.AT_LEAST_ONCE, properties, Optional.ofNullable(messageId),
                Optional.ofNullable(correlationId), NOW, Optional.ofNullable(expiry), headers);
    }
}
