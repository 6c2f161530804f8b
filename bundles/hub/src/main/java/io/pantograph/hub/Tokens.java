package io.pantograph.hub;

import io.pantograph.api.model.Secret;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.spec.KeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Device tokens: makes them, hashes them (PBKDF2 with HMAC-SHA-256), and checks them in constant time. Only the hash is ever stored.
 *
 * <p>A token that a person chose may be guessable, so its hash is made slow. One of ours has 140 random bits, which nobody guesses,
 * slow or fast, so it is not: thousands of devices may be registered in one call and come back at the same moment.
 */
final class Tokens {

    private static final int CHOSEN_ROUNDS = 20_000;
    private static final int RANDOM_ROUNDS = 1;
    private static final int MOST_REMEMBERED = 100_000;
    // Of the alphabet the cloud documents, without what a shell or a URL would change.
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec session = new SecretKeySpec(bytes(32), "HmacSHA256");
    private final Map<String, byte[]> verified = new ConcurrentHashMap<>();

    /** A new random token of 24 characters. */
    Secret random() {
        return Secret.of(text(24, ALPHABET));
    }

    /** Random small letters and digits, for a name. */
    String name(int length) {
        return text(length, "abcdefghijklmnopqrstuvwxyz0123456789");
    }

    private String text(int length, String alphabet) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    String hash(Secret token, boolean chosen) {
        byte[] salt = bytes(16);
        int rounds = chosen ? CHOSEN_ROUNDS : RANDOM_ROUNDS;
        return "pbkdf2$" + rounds + '$' + encode(salt) + '$' + encode(derive(token, salt, rounds));
    }

    /** Whether this token has this hash. Quick for one that was right before, so that all devices may come back at once. */
    boolean matches(String hash, Secret token) {
        byte[] mark = mark(token);
        byte[] known = verified.get(hash);
        if (known != null && MessageDigest.isEqual(known, mark)) {
            return true;
        }
        String[] parts = hash.split("\\$");
        byte[] wanted = Base64.getDecoder().decode(parts[3]);
        boolean right = MessageDigest.isEqual(wanted, derive(token, Base64.getDecoder().decode(parts[2]), Integer.parseInt(parts[1])));
        if (right) {
            if (verified.size() >= MOST_REMEMBERED) {
                verified.clear();
            }
            verified.put(hash, mark);
        }
        return right;
    }

    private byte[] mark(Secret token) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(session);
            return mac.doFinal(token.reveal().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    private static byte[] derive(Secret token, byte[] salt, int rounds) {
        try {
            KeySpec spec = new PBEKeySpec(token.reveal().toCharArray(), salt, rounds, 256);
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has PBKDF2WithHmacSHA256", e);
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
