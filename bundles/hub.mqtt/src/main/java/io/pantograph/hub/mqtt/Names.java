package io.pantograph.hub.mqtt;

import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The names under which clients look for the hub; its certificate must tell them all. */
record Names(Set<String> hosts, Set<String> addresses) {

    private static final String SETTING = "pantograph.hub.names";
    private static final Pattern HOST = Pattern.compile("(\\*\\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    /** Those that are always there (among them the names that Watson clients build), those of the setting, and the address it listens on. */
    static Names of(Settings settings, InetAddress bound) throws SettingException {
        return of(settings.text(SETTING).orElse(""), bound);
    }

    static Names of(String setting, InetAddress bound) throws SettingException {
        Names names = new Names(new TreeSet<>(Set.of("localhost", "*.messaging.internetofthings.ibmcloud.com", "*.internetofthings.ibmcloud.com")),
                new TreeSet<>(Set.of("127.0.0.1", "0:0:0:0:0:0:0:1")));
        if (!bound.isAnyLocalAddress()) {
            names.addresses.add(plain(bound));
        }
        for (String name : setting.split("[,\\s]+")) {
            if (!name.isEmpty()) {
                names.add(name.toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    private void add(String name) throws SettingException {
        boolean address = name.contains(":") || IPV4.matcher(name).matches();
        if (!address && HOST.matcher(name).matches() && name.length() <= 253) {
            hosts.add(name);
            return;
        }
        try {
            if (address) {
                addresses.add(plain(InetAddress.getByName(name)));
                return;
            }
        } catch (UnknownHostException e) {
            // said below
        }
        throw new SettingException(SETTING, name, "is neither a DNS name nor an IP address", "list names and addresses with commas between them");
    }

    /** A name on which a program of this machine reaches the hub and which the certificate tells. */
    static String reachable(InetAddress bound) {
        return bound.isAnyLocalAddress() ? "127.0.0.1" : plain(bound);
    }

    private static String plain(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet6Address ? text.split("%", 2)[0] : text;
    }
}
