package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Values;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Where the next page of a query begins. It holds nothing that who has it may not know, and outlives a restart of the hub.
 *
 * @param query a digest of the text it belongs to
 * @param told how many came before
 * @param device the last that was told; empty at the beginning
 */
record Continuation(String query, long told, String device, String module) {

    private static final String VERSION = "1";
    private static final int LONGEST = 1024;

    static Continuation begin(String query) {
        return new Continuation(digest(query), 0, "", "");
    }

    /** @throws AzureException if the hub has not made it, or made it for another query */
    static Continuation read(String token, String query) throws AzureException {
        try {
            if (token.length() <= LONGEST) {
                String[] parts = new String(Base64.getUrlDecoder().decode(token.strip()), StandardCharsets.UTF_8).split("\n", -1);
                if (parts.length == 5 && parts[0].equals(VERSION) && parts[1].equals(digest(query)) && Long.parseLong(parts[2]) >= 0) {
                    if (!parts[3].isEmpty()) {
                        new Identity(parts[3], parts[4].isEmpty() ? Optional.empty() : Optional.of(parts[4])); // which checks them
                    }
                    return new Continuation(parts[1], Long.parseLong(parts[2]), parts[3], parts[4]);
                }
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw Call.invalid("header x-ms-continuation is not of this query; send it as it came, with the same query");
    }

    String text() {
        String plain = String.join("\n", VERSION, query, Long.toString(told), device, module);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether this twin's turn comes yet. */
    boolean after(Values twin) {
        int order = id(twin, "deviceId").compareTo(device);
        return order > 0 || order == 0 && id(twin, "moduleId").compareTo(module) > 0;
    }

    Continuation behind(Values twin, int more) {
        return new Continuation(query, told + more, id(twin, "deviceId"), id(twin, "moduleId"));
    }

    Continuation further(int more) {
        return new Continuation(query, told + more, device, module);
    }

    private static String id(Values twin, String name) {
        return twin.get(name) instanceof String id ? id : "";
    }

    private static String digest(String query) {
        try {
            byte[] all = MessageDigest.getInstance("SHA-256").digest(query.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(all, 8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
