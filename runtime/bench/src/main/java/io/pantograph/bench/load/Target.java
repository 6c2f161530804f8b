package io.pantograph.bench.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The broker under load and whom to log in as; travels to the forked processes as system properties.
 *
 * @param hub whether it is our hub, with logins and organisation-wide topics; otherwise any MQTT broker, without
 * @param boxes where the executable jars are
 */
record Target(String host, int port, boolean hub, String org, String type, String id, String token, String key, String keyToken,
        Path boxes) {

    static Target read() {
        return new Target(property("host"), Integer.parseInt(property("port")), Boolean.parseBoolean(property("hub")), property("org"),
                property("type"), property("id"), property("token"), property("key"), property("keyToken"),
                Path.of(property("boxes")));
    }

    private static String property(String name) {
        return System.getProperty("target." + name);
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        arguments.add("-Dtarget.host=" + host);
        arguments.add("-Dtarget.port=" + port);
        arguments.add("-Dtarget.hub=" + hub);
        arguments.add("-Dtarget.org=" + org);
        arguments.add("-Dtarget.type=" + type);
        arguments.add("-Dtarget.id=" + id);
        arguments.add("-Dtarget.token=" + token);
        arguments.add("-Dtarget.key=" + key);
        arguments.add("-Dtarget.keyToken=" + keyToken);
        arguments.add("-Dtarget.boxes=" + boxes);
        return arguments;
    }

    /** A device's topic as an application writes it: organisation-wide on our hub, the device's own elsewhere. */
    String applications(String deviceTopic) {
        return hub ? deviceTopic.replaceFirst("^iot-2/", "iot-2/type/" + type + "/id/" + id + '/') : deviceTopic;
    }
}
