package io.pantograph.dialect.azure;

import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Secret;
import io.pantograph.api.wire.ClientCertificate;
import io.pantograph.azure.ConnectionString;
import io.pantograph.azure.Sas;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Who, where and with what, from a connection string or from single settings. @param target what is dialled, be it a gateway */
record Parts(Subject subject, Address target, Access access) {

    private static final String[] SINGLE = {"host", "device-id", "module-id", "shared-access-key", "shared-access-signature", "gateway-host"};
    private static final int LIFE_S = 3600;
    private static final int LONGEST_LIFE_S = 365 * 86_400;
    private static final int SHORTEST_LIFE_S = 10;

    static Parts of(Form form, Defaults defaults) {
        Optional<String> text = form.text("connection-string");
        if (text.isEmpty()) {
            return single(form, defaults);
        }
        form.refuse("cannot stand beside connection-string: leave out one of the two", SINGLE);
        ConnectionString string;
        try {
            string = ConnectionString.parse(text.get());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("connection-string: " + e.getMessage());
        }
        if (string.policy().isPresent()) {
            throw new IllegalArgumentException("connection-string is one for a service (it has a SharedAccessKeyName); "
                    + "take that of the device, which has a DeviceId in its place");
        }
        Subject subject = new Subject(Address.host("HostName in connection-string", string.hostName()), string.deviceId().orElseThrow(() ->
                new IllegalArgumentException("connection-string: DeviceId is missing")), string.moduleId());
        if (string.x509() && (string.key().isPresent() || string.signature().isPresent())) {
            throw new IllegalArgumentException("connection-string has x509=true and a key or signature: one of them");
        }
        Access access = access(form, subject, string.key(), string.signature(), string.x509(),
                "connection-string needs a SharedAccessKey, a SharedAccessSignature, or x509=true", "connection-string");
        return new Parts(subject, target(string.gatewayHostName(), "GatewayHostName in connection-string", subject), access);
    }

    private static Parts single(Form form, Defaults defaults) {
        String how = "a device needs a connection-string; or host, device-id and one of shared-access-key, shared-access-signature, "
                + "x509-certificate with x509-key; or id-scope and registration-id";
        String device = form.required("device-id", how);
        String host = form.text("host").or(defaults::standIn).orElseThrow(() -> new IllegalArgumentException("host is missing: " + how));
        Subject subject = new Subject(Address.host("host", host), device, form.text("module-id"));
        Optional<Secret> key = form.text("shared-access-key").map(text -> key("shared-access-key", text));
        Access access = access(form, subject, key, form.text("shared-access-signature").map(Secret::of), false, how, "this device");
        return new Parts(subject, target(form.text("gateway-host"), "gateway-host", subject), access);
    }

    static Address target(Optional<String> gateway, String setting, Subject subject) {
        return gateway.map(value -> Address.parse(setting, value)).orElseGet(() -> Address.parse("host", subject.hub()));
    }

    /** @param wanted whether a certificate was asked for in so many words */
    private static Access access(Form form, Subject subject, Optional<Secret> key, Optional<Secret> token, boolean wanted, String missing, String whose) {
        Optional<ClientCertificate> certificate = certificate(form, wanted);
        List<String> given = List.of(key.isPresent() ? "a key" : "", token.isPresent() ? "a signature" : "", certificate.isPresent() ? "a certificate" : "")
                .stream().filter(one -> !one.isEmpty()).toList();
        if (given.isEmpty()) {
            throw new IllegalArgumentException(missing);
        }
        if (given.size() > 1) {
            throw new IllegalArgumentException(whose + " has " + String.join(" and ", given) + ": leave all but one out");
        }
        if (token.isPresent()) {
            form.refuse("is for tokens that are made here, and this one is ready-made", "sas-life-s");
            return token(token.get(), subject);
        }
        return key.<Access>map(secret -> new Access.Key(secret, life(form))).orElseGet(() -> new Access.Certificate(certificate.get()));
    }

    /** The files, both or none. @param wanted whether there must be some */
    static Optional<ClientCertificate> certificate(Form form, boolean wanted) {
        List<String> there = form.present("x509-certificate", "x509-key");
        if (there.size() == 1 || wanted && there.isEmpty()) {
            throw new IllegalArgumentException((there.contains("x509-key") || there.isEmpty() ? "x509-certificate" : "x509-key")
                    + " is missing: a certificate needs two files in PEM, x509-certificate and x509-key");
        }
        return there.isEmpty() ? Optional.empty()
                : Optional.of(new ClientCertificate(form.text("x509-certificate").get(), form.text("x509-key").get()));
    }

    /** Checked here, since the hub would only say no. */
    private static Access token(Secret text, Subject subject) {
        Sas token;
        try {
            token = Sas.parse(text.reveal());
            if (!token.covers(subject.hub(), subject.path())) {
                throw new IllegalArgumentException("it is for " + Names.visible(token.resource()) + ", not for "
                        + subject.hub() + subject.path());
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("shared-access-signature: " + e.getMessage());
        }
        return new Access.Token(text, token.expiry());
    }

    static Secret key(String setting, String text) {
        if (!Sas.isKey(text)) {
            throw new IllegalArgumentException(setting + " must be 16 to 64 bytes in base64; copy it again, whole");
        }
        return Secret.of(text);
    }

    static Duration life(Form form) {
        return Duration.ofSeconds(form.number("sas-life-s", SHORTEST_LIFE_S, LONGEST_LIFE_S).orElse(LIFE_S));
    }
}
