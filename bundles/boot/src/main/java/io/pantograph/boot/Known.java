package io.pantograph.boot;

import io.pantograph.api.core.SettingException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/** The settings that a box understands, and what makes a value of each a good one. */
enum Known {

    HOME("pantograph.home", "pantograph-data", "the data folder") {
        @Override
        void check(String value) {
            // The folder itself is checked where it is opened.
        }
    },
    BIND("pantograph.bind", "127.0.0.1", "the address to listen on; 0.0.0.0 for all of this machine's") {
        @Override
        void check(String value) throws SettingException {
            try {
                InetAddress address = InetAddress.getByName(value);
                if (!address.isAnyLocalAddress() && !address.isLoopbackAddress() && NetworkInterface.getByInetAddress(address) == null) {
                    throw wrong(value, "is not an address of this machine",
                            "use 127.0.0.1, 0.0.0.0 or one of this machine's addresses");
                }
            } catch (UnknownHostException | SocketException e) {
                throw wrong(value, "is not an address", "use 127.0.0.1, 0.0.0.0 or one of this machine's addresses");
            }
        }
    },
    MQTT("pantograph.hub.mqtt.port", "1883", "the hub's port for plain MQTT; 0 for any free one"),
    MQTTS("pantograph.hub.mqtts.port", "8883", "the hub's port for MQTT in TLS; 0 for any free one"),
    HTTPS("pantograph.hub.https.port", "8443", "the hub's port for HTTPS; 0 for any free one"),
    HTTP("pantograph.hub.http.port", "8080", "the hub's port for plain HTTP; 0 for any free one"),
    ORGANISATION("pantograph.hub.watson.org", "edge01", "the hub's organisation, as Watson clients call it") {
        @Override
        void check(String value) throws SettingException {
            if (!value.matches("[a-z0-9]{6}")) {
                throw wrong(value, "is not an organisation", "use six of the characters a-z and 0-9, such as edge01");
            }
        }
    },
    AZURE_HOST("pantograph.hub.azure.host", "127.0.0.1", "the hub's name in the connection strings and tokens of Azure clients") {
        private final Pattern host = Pattern.compile("[0-9A-Fa-f:.]+|[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

        @Override
        void check(String value) throws SettingException {
            if (!host.matcher(value).matches()) {
                throw wrong(value, "is neither a DNS name nor an address", "write it as hub.example.org or 192.0.2.7");
            }
        }
    },
    AZURE_SCOPE("pantograph.hub.azure.scope", "0ne00EDGE01", "the id scope of the hub's device provisioning, as Azure clients call it") {
        @Override
        void check(String value) throws SettingException {
            if (!value.matches("0ne[A-Za-z0-9]{8}")) {
                throw wrong(value, "is not an id scope", "use 0ne and eight of the characters A-Z, a-z and 0-9, such as 0ne00EDGE01");
            }
        }
    },
    EVENTS_MIB("pantograph.hub.events.mib", "256", "how many MiB of Azure devices' events the hub keeps") {
        @Override
        void check(String value) throws SettingException {
            Numbers.within(key, value, 32, 1 << 20, "use what the disk can hold, such as 256");
        }
    },
    EVENTS_HOURS("pantograph.hub.events.hours", "24", "how many hours it keeps them") {
        @Override
        void check(String value) throws SettingException {
            Numbers.within(key, value, 1, 24 * 366, "use the hours that a reader may be late, such as 24");
        }
    },
    ARTIFACTS_MIB("pantograph.hub.artifacts.mib", "512", "how many MiB of artifacts for gateways the hub keeps") {
        @Override
        void check(String value) throws SettingException {
            Numbers.within(key, value, 1, 1 << 20, "use what the disk can hold, such as 512");
        }
    },
    NAMES("pantograph.hub.names", "", "more names and addresses for the hub's certificate, separated by commas") {
        private final Pattern name = Pattern.compile("[0-9A-Fa-f:.]+|(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

        @Override
        void check(String value) throws SettingException {
            for (String one : value.split(",")) {
                if (!one.isBlank() && !name.matcher(one.trim()).matches()) {
                    throw wrong(value, "has '" + one.trim() + "', which is neither a DNS name nor an address",
                            "write them as in hub.example.org,192.0.2.7");
                }
            }
        }
    },
    CONNECTIONS("pantograph.hub.connections", "2000", "how many connections the hub takes at a time") {
        @Override
        void check(String value) throws SettingException {
            Numbers.within(key, value, 10, 100_000, "use a number that this machine's memory can hold, such as 2000");
        }
    },
    STAND_IN("pantograph.gateway.host", "", "the host for devices whose own settings name none, in place of their cloud") {
        private final Pattern host = Pattern.compile("[0-9A-Fa-f:.]+|[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

        @Override
        void check(String value) throws SettingException {
            if (!host.matcher(value).matches()) {
                throw wrong(value, "is neither a DNS name nor an address", "write it as hub.example.org or 192.0.2.7");
            }
        }
    },
    STAND_IN_PORT("pantograph.gateway.port", "", "its port for MQTT in TLS, if it is not the usual one") {
        @Override
        void check(String value) throws SettingException {
            Numbers.within(key, value, 1, 65_535, "use the port on which that host takes MQTT in TLS");
        }
    },
    DEPLOY_CALLS("pantograph.deploy.calls", "1000", "so many calls a deployed bundle serves on probation, unless its release says otherwise") {
        @Override
        void check(String value) throws SettingException {
            Numbers.within(key, value, 0, 1_000_000_000, "use the number of messages that you want to see before you trust it, such as 1000");
        }
    },
    NAME("pantograph.gateway.name", "", "this gateway's name, for a Quickstart device without an id; the machine's unless told") {
        @Override
        void check(String value) {
            // Any will do: a dialect makes of it what it needs.
        }
    },
    OWN("pantograph.gateway.devices", "", "the devices that are this gateway itself: their clouds may say what it installs; as in gateway/g-1, runtime") {
        @Override
        void check(String value) {
            // Whoever reads it does, and names what is wrong.
        }
    },
    REST("pantograph.gateway.rest.port", "0", "the port of the gateway's API, on 127.0.0.1 only; 0 for any free one"),
    SHELL("pantograph.shell", "false", "true: a Gogo shell on this terminal") {
        @Override
        void check(String value) throws SettingException {
            if (!value.equals("true") && !value.equals("false")) {
                throw wrong(value, "is neither true nor false", "use true for a shell on this terminal, else leave it out");
            }
        }
    };

    static final String PREFIX = "pantograph.";

    final String key;
    final String otherwise;
    final String meaning;

    Known(String key, String otherwise, String meaning) {
        this.key = key;
        this.otherwise = otherwise;
        this.meaning = meaning;
    }

    /** A port, unless a setting knows better. @throws SettingException if the value cannot work */
    void check(String value) throws SettingException {
        Numbers.within(key, value, 0, 65_535, "use a port from 1 to 65535, or 0 for any free one");
    }

    /** One that this box opens. */
    boolean isPort() {
        return this == REST || key.startsWith("pantograph.hub.") && key.endsWith(".port");
    }

    SettingException wrong(String value, String wrong, String remedy) {
        return new SettingException(key, value, wrong, remedy);
    }

    static Optional<Known> of(String key) {
        return Arrays.stream(values()).filter(known -> known.key.equals(key)).findFirst();
    }

    /** What somebody who wrote this key probably meant. */
    static Optional<Known> near(String key) {
        return Arrays.stream(values())
                .min(Comparator.comparingInt(known -> distance(key, known.key)))
                .filter(known -> distance(key, known.key) <= 4);
    }

    /** How many letters must be put in, taken out or changed to make one of the other. */
    private static int distance(String one, String other) {
        int[] above = new int[other.length() + 1];
        for (int column = 0; column < above.length; column++) {
            above[column] = column;
        }
        for (int row = 1; row <= one.length(); row++) {
            int[] here = new int[above.length];
            here[0] = row;
            for (int column = 1; column < here.length; column++) {
                int change = above[column - 1] + (one.charAt(row - 1) == other.charAt(column - 1) ? 0 : 1);
                here[column] = Math.min(change, 1 + Math.min(above[column], here[column - 1]));
            }
            above = here;
        }
        return above[other.length()];
    }
}
