package io.pantograph.dialect.watson;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings of a Watson device, described for those who configure it by a tool. In a method name, {@code $_$} is a dash. */
@ObjectClassDefinition(factoryPid = "io.pantograph.device", name = "Device",
        description = "A device of this gateway. Without org, type, id and token it is a Quickstart device.")
@interface DeviceForm {

    @AttributeDefinition(name = "Dialect", description = "The protocol of the device's cloud.")
    String dialect() default "watson";

    @AttributeDefinition(required = false, name = "Organisation", description = "6 characters; none, or quickstart, for Quickstart.")
    String org();

    @AttributeDefinition(required = false, name = "Device type", description = "1 to 36 characters of A-Z a-z 0-9 - _ .")
    String type();

    @AttributeDefinition(required = false, name = "Device id", description = "1 to 36 characters of A-Z a-z 0-9 - _ .")
    String id();

    @AttributeDefinition(required = false, name = "Authentication method", options = @Option(label = "token", value = "token"))
    String auth$_$method() default "token";

    @AttributeDefinition(required = false, name = "Authentication token", type = AttributeType.PASSWORD)
    String auth$_$token();

    @AttributeDefinition(required = false, name = "Clean session",
            description = "false: the hub keeps commands while the device is away.")
    String clean$_$session() default "true";

    @AttributeDefinition(required = false, name = "Domain",
            description = "The host is {org}.messaging.{domain}; an IP address or localhost is the host itself.")
    String domain();

    @AttributeDefinition(required = false, name = "Host", description = "The host itself; wins over the domain.")
    String host();

    @AttributeDefinition(required = false, name = "Port", description = "8883 unless told, 1883 without TLS.")
    String port();

    @AttributeDefinition(required = false, name = "Transport",
            options = {@Option(label = "TCP", value = "tcp"), @Option(label = "WebSocket", value = "websockets")})
    String transport() default "tcp";

    @AttributeDefinition(required = false, name = "TLS", description = "false is allowed to this machine only.")
    String tls();

    @AttributeDefinition(required = false, name = "Keep alive", description = "Seconds, 5 to 3600; 30 unless told.")
    String keep$_$alive();

    @AttributeDefinition(required = false, name = "Gateway", description = "true: registered as a gateway, not as a device.")
    String gateway();
}
