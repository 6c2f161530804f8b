package io.pantograph.azure;

import io.pantograph.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A shared access signature: {@code SharedAccessSignature sr=...&sig=...&se=...[&skn=...]}, in any order. What is signed is the resource
 * as it stands in the token, encoded or not, and the time: it must not be decoded and encoded again before the check.
 */
public final class Sas {

    private static final String SCHEME = "SharedAccessSignature ";
    private static final int LONGEST = 4096;

    private final String written;
    private final byte[] signature;
    private final String expiry;
    private final String policy;

    private Sas(String written, byte[] signature, String expiry, String policy) {
        this.written = written;
        this.signature = signature;
        this.expiry = expiry;
        this.policy = policy;
    }

    /** @throws IllegalArgumentException if it is none, saying what is wrong, never with the signature */
    public static Sas parse(String token) {
        if (token.length() > LONGEST) {
            throw new IllegalArgumentException("a token has at most " + LONGEST + " characters");
        }
        if (!token.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new IllegalArgumentException("a token begins with 'SharedAccessSignature '");
        }
        String resource = null;
        String signature = null;
        String expiry = null;
        String policy = null;
        for (String pair : token.substring(SCHEME.length()).strip().split("&")) {
            int equals = pair.indexOf('=');
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            switch (equals < 0 ? pair : pair.substring(0, equals)) {
                case "sr" -> resource = value;
                case "sig" -> signature = value;
                case "se" -> expiry = value;
                case "skn" -> policy = Percent.decode(value);
                default -> {
                    // others do not matter
                }
            }
        }
        if (resource == null || resource.isEmpty() || signature == null || expiry == null) {
            throw new IllegalArgumentException("a token has sr, sig and se; " + (resource == null || resource.isEmpty() ? "sr" : signature == null ? "sig" : "se")
                    + " is missing");
        }
        if (expiry.isEmpty() || expiry.length() > 12 || !expiry.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("se must be seconds since 1970");
        }
        try {
            return new Sas(resource, Base64.getDecoder().decode(Percent.decode(signature)), expiry, policy);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("sig must be percent-encoded base64");
        }
    }

    /** What it is for, decoded: a host, or a host and a path. */
    public String resource() {
        return Percent.decode(written);
    }

    /** The policy whose key signed it; an empty name counts as none. */
    public Optional<String> policy() {
        return Optional.ofNullable(policy).filter(name -> !name.isEmpty());
    }

    /** Until when it is good. */
    public Instant expiry() {
        return Instant.ofEpochSecond(Long.parseLong(expiry));
    }

    /** Whether this key signed it; in constant time. @param key in base64. @return false also for a key that is no base64 */
    public boolean signedBy(Secret key) {
        try {
            return MessageDigest.isEqual(signature, sign(key, written + '\n' + expiry));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Whether its resource is this one, or a part of the path that leads to it, level by level; host names in any capitalisation.
     *
     * @param host the name, with the port if the token's maker had to know it
     * @param path beginning with a slash, decoded; or empty
     */
    public boolean covers(String host, String path) {
        String resource = resource();
        int slash = resource.indexOf('/');
        String itsHost = slash < 0 ? resource : resource.substring(0, slash);
        String itsPath = slash < 0 ? "" : resource.substring(slash);
        if (itsPath.endsWith("/")) {
            itsPath = itsPath.substring(0, itsPath.length() - 1);
        }
        return itsHost.equalsIgnoreCase(host) && (path.equals(itsPath) || path.startsWith(itsPath + '/'));
    }

    /**
     * Makes a token.
     *
     * @param resource not encoded
     * @param key in base64
     * @throws IllegalArgumentException if the key is no base64; it is not named
     */
    public static String make(String resource, Secret key, Instant expiry, Optional<String> policy) {
        String written = Percent.encode(resource);
        String signature = Base64.getEncoder().encodeToString(sign(key, written + '\n' + expiry.getEpochSecond()));
        return SCHEME + "sr=" + written + "&sig=" + Percent.encode(signature) + "&se=" + expiry.getEpochSecond()
                + policy.map(name -> "&skn=" + Percent.encode(name)).orElse("");
    }

    /** The key of one registration of a group: the group's key signs the registration's id. @return in base64 */
    public static Secret derived(Secret groupKey, String registrationId) {
        return Secret.of(Base64.getEncoder().encodeToString(sign(groupKey, registrationId)));
    }

    /** Whether this can be a key: 16 to 64 bytes in base64. */
    public static boolean isKey(String text) {
        try {
            int length = Base64.getDecoder().decode(text).length;
            return length >= 16 && length <= 64;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static byte[] sign(Secret key, String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(key.reveal());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a shared access key is base64");
        }
        if (bytes.length == 0) {
            throw new IllegalArgumentException("a shared access key is not empty");
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HmacSHA256", e);
        }
    }

    /** Without the signature. */
    @Override
    public String toString() {
        return SCHEME + "sr=" + written + "&sig=***&se=" + expiry + policy().map(name -> "&skn=" + name).orElse("");
    }
}
