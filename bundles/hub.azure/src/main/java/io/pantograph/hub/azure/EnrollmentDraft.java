package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import io.pantograph.azure.Sas;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Makes a document to keep of one that a client sent: checked, its keys made where there are none, its certificates read. */
final class EnrollmentDraft {

    // What is between the first and the last character may also be - . _ :
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9\\-._:]{0,126}[A-Za-z0-9\\-]");

    private final String id;
    private final boolean group;
    private final Fields sent;
    private final Optional<Values> old;

    EnrollmentDraft(String id, boolean group, Values sent, Optional<Values> old) {
        this.id = id;
        this.group = group;
        this.sent = Fields.of(sent);
        this.old = old;
    }

    static boolean isId(String id) {
        return ID.matcher(id).matches();
    }

    static String idName(boolean group) {
        return group ? "enrollmentGroupId" : "registrationId";
    }

    /** @param now in milliseconds */
    Values document(long now) throws AzureException {
        String name = idName(group);
        if (!isId(id)) {
            throw Fields.invalid(name + " '" + Names.visible(id) + "' must be 1 to 128 characters of A-Z a-z 0-9 - . _ : and end with a letter, digit or -");
        }
        Optional<String> told = sent.filled(name);
        if (told.isPresent() && !told.get().equals(id)) {
            throw Fields.invalid(name + " is '" + Names.visible(told.get()) + "', but the request is for '" + id + "'");
        }
        Values.Builder document = Values.builder().put(name, id);
        Optional<String> device = group ? Optional.empty() : sent.filled("deviceId");
        if (device.isPresent()) {
            document.put("deviceId", device(device.get()));
        }
        document.put("attestation", attestation());
        document.put("capabilities", Values.of("iotEdge", sent.below("capabilities").flag("iotEdge").orElse(false)));
        document.put("provisioningStatus", sent.word("provisioningStatus", List.of("enabled", "disabled")).orElse("enabled"));
        Optional<Values> twin = sent.object("initialTwin");
        if (twin.isPresent()) {
            TwinRoom.fresh(twin.get(), now); // refuses what a twin cannot hold
            document.put("initialTwin", twin.get());
        }
        for (String other : List.of("reprovisionPolicy", "optionalDeviceInformation")) {
            sent.object(other).ifPresent(value -> document.put(other, value));
        }
        sent.filled("allocationPolicy").ifPresent(value -> document.put("allocationPolicy", value));
        return document
                .put("createdDateTimeUtc", old.map(before -> before.text("createdDateTimeUtc")).orElseGet(() -> Times.text(now)))
                .put("lastUpdatedDateTimeUtc", Times.text(now))
                .put("etag", ETags.ofIdentity(Keys.number()))
                .build();
    }

    private static String device(String device) throws AzureException {
        try {
            return Identity.of(device).device();
        } catch (IllegalArgumentException e) {
            throw Fields.invalid("deviceId: " + e.getMessage());
        }
    }

    private Values attestation() throws AzureException {
        Fields attestation = sent.below("attestation");
        String type = attestation.word("type", List.of("symmetricKey", "x509"))
                .orElse(attestation.object("x509").isPresent() ? "x509" : "symmetricKey");
        return type.equals("x509")
                ? Values.of("type", type, "x509", x509(attestation.below("x509")))
                : Values.of("type", type, "symmetricKey", symmetricKey(attestation.below("symmetricKey")));
    }

    private Values symmetricKey(Fields keys) throws AzureException {
        return Values.of("primaryKey", key(keys, "primaryKey"), "secondaryKey", key(keys, "secondaryKey"));
    }

    private String key(Fields keys, String name) throws AzureException {
        Optional<String> told = keys.filled(name);
        if (told.isPresent() && !Sas.isKey(told.get())) {
            throw Fields.invalid(keys.at(name) + " must be 16 to 64 bytes in base64");
        }
        Optional<String> before = old.filter(document -> document.values("attestation").get("symmetricKey") instanceof Values)
                .map(document -> document.values("attestation").values("symmetricKey").text(name));
        return told.or(() -> before).orElseGet(() -> Keys.random().reveal());
    }

    private Values x509(Fields x509) throws AzureException {
        String kind = group ? "signingCertificates" : "clientCertificates";
        Fields certificates = x509.below(kind);
        Values.Builder kept = Values.builder();
        boolean any = false;
        for (String which : List.of("primary", "secondary")) {
            Optional<Values> certificate = CertificateDraft.read(certificates.below(which), group);
            any |= certificate.isPresent();
            certificate.ifPresent(values -> kept.put(which, values));
        }
        if (!any) {
            throw Fields.invalid(certificates.at("primary.certificate") + " is missing");
        }
        return Values.of(kind, kept.build());
    }
}
