package io.pantograph.api.model;

/**
 * Which codec wrote or read a message.
 *
 * @param bundle its Bundle-SymbolicName
 * @param sha256 of its jar, 64 characters of 0-9 a-f; empty if it came by a way that tells none
 */
public record Provenance(String bundle, String version, String sha256) {

    /** Nobody: the body went as it was, or was there before anybody took notes. */
    public static final Provenance NONE = new Provenance("", "", "");

    @Override
    public String toString() {
        return bundle.isEmpty() ? "none" : bundle + ' ' + version + (sha256.isEmpty() ? "" : " " + sha256.substring(0, 12));
    }
}
