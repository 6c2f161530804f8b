package io.pantograph.dialect.azure;

import io.pantograph.api.dialect.Defaults;
import io.pantograph.api.dialect.Profile;
import io.pantograph.api.model.DeviceId;
import io.pantograph.api.model.Secret;
import io.pantograph.api.model.Values;
import io.pantograph.api.wire.ClientCertificate;
import io.pantograph.api.wire.Endpoint;
import io.pantograph.azure.Sas;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A device that the provisioning service knows, and what it takes to be one at whatever hub it is given.
 *
 * @param payload what the service is told beside the id; a text or an object
 */
record Registration(String scope, String id, DeviceId device, Endpoint service, Access access, Optional<Object> payload, Manner manner, Form form,
        Defaults defaults) {

    private static final String SERVICE = "global.azure-devices-provisioning.net";
    private static final int LONGEST = 128;

    static Registration of(Form form, Manner manner, Defaults defaults) {
        String how = "the provisioning service needs id-scope, registration-id and one of symmetric-key, group-key, x509-certificate with x509-key";
        form.refuse("cannot stand beside id-scope and registration-id: the provisioning service says which hub it is", "connection-string", "host",
                "device-id", "module-id", "shared-access-signature");
        form.refuse("is called symmetric-key or group-key for the provisioning service", "shared-access-key");
        String scope = plain("id-scope", form.required("id-scope", how), "-_");
        String id = plain("registration-id", form.required("registration-id", how), "-._:");
        Address service = Address.parse("provisioning-host", form.text("provisioning-host").or(defaults::standIn).orElse(SERVICE));
        return new Registration(scope, id, new DeviceId(AzureDialect.type(form), id), service.endpoint(form, defaults), access(form, id, how),
                payload(form), manner, form, defaults);
    }

    private static String plain(String setting, String value, String also) {
        if (value.length() > LONGEST || !value.chars().allMatch(c -> Subject.letterOrDigit(c) || also.indexOf(c) >= 0)) {
            throw Form.wrong(setting, value, "must be 1 to " + LONGEST + " characters of A-Z a-z 0-9 and " + also);
        }
        return value;
    }

    private static Access access(Form form, String id, String how) {
        Optional<ClientCertificate> certificate = Parts.certificate(form, false);
        List<String> given = new ArrayList<>(form.present("symmetric-key", "group-key"));
        certificate.ifPresent(files -> given.add("x509-certificate"));
        if (given.isEmpty()) {
            throw new IllegalArgumentException("a key or certificate is missing: " + how);
        }
        if (given.size() > 1) {
            throw new IllegalArgumentException(String.join(", ", given) + " cannot stand beside each other: leave all but one out");
        }
        if (certificate.isPresent()) {
            return new Access.Certificate(certificate.get());
        }
        Secret key = Parts.key(given.get(0), form.text(given.get(0)).get());
        return new Access.Key(given.get(0).equals("group-key") ? Sas.derived(key, id) : key, Parts.life(form));
    }

    private static Optional<Object> payload(Form form) {
        Optional<Object> text = form.text("provisioning-payload").map(value -> value);
        return text.or(() -> form.text("model-id").map(model -> Values.of("modelId", model)));
    }

    Profile profile() {
        return new DpsProfile(this);
    }

    /** @throws IllegalArgumentException if the assignment is not good */
    Profile at(Map<String, String> assignment) {
        String hub = Address.host("assigned hub", assignment.getOrDefault(Dps.HUB, ""));
        Subject subject = new Subject(hub, assignment.getOrDefault(Dps.DEVICE, ""), Optional.empty());
        Endpoint endpoint = Parts.target(form.text("gateway-host"), "gateway-host", subject).endpoint(form, defaults);
        return new HubProfile(device, subject, endpoint, access, manner);
    }
}
