package io.pantograph.dialect.azure;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings of an Azure device, described for those who configure it by a tool. In a method name, {@code $_$} is a dash. */
@ObjectClassDefinition(factoryPid = "io.pantograph.device", name = "Azure device",
        description = "A device of this gateway at Azure IoT Hub or IoT Central. It needs a connection string; or the parts of one; or an "
                + "id scope, a registration id and a key or certificate for the provisioning service.")
@interface DeviceForm {

    @AttributeDefinition(name = "Dialect", description = "The protocol of the device's cloud.")
    String dialect() default "azure";

    @AttributeDefinition(required = false, name = "Connection string", type = AttributeType.PASSWORD,
            description = "HostName=...;DeviceId=... and SharedAccessKey=..., SharedAccessSignature=... or x509=true; ModuleId=..., GatewayHostName=...")
    String connection$_$string();

    @AttributeDefinition(required = false, name = "Host", description = "The hub's name, where there is no connection string.")
    String host();

    @AttributeDefinition(required = false, name = "Device id", description = "1 to 128 characters of A-Z a-z 0-9 - . % _ * ? ! ( ) , : = @ $ '")
    String device$_$id();

    @AttributeDefinition(required = false, name = "Module id", description = "A module of the device; in this gateway it is called device~module.")
    String module$_$id();

    @AttributeDefinition(required = false, name = "Shared access key", type = AttributeType.PASSWORD, description = "In base64.")
    String shared$_$access$_$key();

    @AttributeDefinition(required = false, name = "Shared access signature", type = AttributeType.PASSWORD,
            description = "A ready-made token; when its time is over, the device stays away until there is another.")
    String shared$_$access$_$signature();

    @AttributeDefinition(required = false, name = "Gateway host", description = "Dialled in place of the hub: host or host:port.")
    String gateway$_$host();

    @AttributeDefinition(required = false, name = "Certificate", description = "File in PEM, relative to the home folder.")
    String x509$_$certificate();

    @AttributeDefinition(required = false, name = "Certificate's key", description = "File in PEM (PKCS#8), relative to the home folder.")
    String x509$_$key();

    @AttributeDefinition(required = false, name = "Device type",
            description = "As handlers know it; the last part of the model id unless told, else device.")
    String device$_$type();

    @AttributeDefinition(required = false, name = "Model id", description = "Such as dtmi:com:example:Thermostat;1")
    String model$_$id();

    @AttributeDefinition(required = false, name = "Transport",
            options = {@Option(label = "MQTT in TLS", value = "mqtt"), @Option(label = "MQTT over WebSocket", value = "websocket")})
    String transport() default "mqtt";

    @AttributeDefinition(required = false, name = "Port", description = "8883 unless told, 443 for WebSocket.")
    String port();

    @AttributeDefinition(required = false, name = "Life of tokens", description = "Seconds, 10 to a year; 3600 unless told.")
    String sas$_$life$_$s();

    @AttributeDefinition(required = false, name = "Keep alive", description = "Seconds, 5 to 1177; 60 unless told.")
    String keep$_$alive$_$s();

    @AttributeDefinition(required = false, name = "Clean session",
            description = "true: the hub keeps no cloud-to-device messages while the device is away.")
    String clean$_$session() default "false";

    @AttributeDefinition(required = false, name = "Product info", description = "Told to the hub with every login.")
    String product$_$info();

    @AttributeDefinition(required = false, name = "Event property",
            description = "The application property that carries the name of an event; unless told, it is not sent.")
    String event$_$property();

    @AttributeDefinition(required = false, name = "Codec property",
            description = "The application property that carries which codec wrote an event: bundle/version;sha256=hash; unless told, it is not sent.")
    String codec$_$property();

    @AttributeDefinition(required = false, name = "Format of cloud-to-device messages",
            description = "The codec for them; unless told, json where a message says so, else none.")
    String c2d$_$format();

    @AttributeDefinition(required = false, name = "Patience with methods", description = "Seconds until nobody waits for an answer; 1 to 300, 300 unless told.")
    String method$_$patience$_$s();

    @AttributeDefinition(required = false, name = "Id scope", description = "Of the provisioning service.")
    String id$_$scope();

    @AttributeDefinition(required = false, name = "Registration id", description = "1 to 128 characters of A-Z a-z 0-9 - . _ :")
    String registration$_$id();

    @AttributeDefinition(required = false, name = "Provisioning host", description = "global.azure-devices-provisioning.net unless told.")
    String provisioning$_$host();

    @AttributeDefinition(required = false, name = "Symmetric key", type = AttributeType.PASSWORD, description = "Of an individual enrollment, in base64.")
    String symmetric$_$key();

    @AttributeDefinition(required = false, name = "Group key", type = AttributeType.PASSWORD,
            description = "Of an enrollment group, in base64; the device's own key is derived from it.")
    String group$_$key();

    @AttributeDefinition(required = false, name = "Provisioning payload", description = "A text told to the provisioning service; unless told, the model id.")
    String provisioning$_$payload();
}
