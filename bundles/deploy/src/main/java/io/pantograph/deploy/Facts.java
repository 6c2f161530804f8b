package io.pantograph.deploy;

import io.pantograph.api.model.Names;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/** What a bundle's manifest says of it, found to be of the kind that may come and go. */
record Facts(String name, Version version) {

    private static final Pattern NAME_HEADER = Pattern.compile("(?mi)^" + Constants.BUNDLE_SYMBOLICNAME + "\\s*:");

    static Facts of(byte[] manifest) throws RefusedException {
        Attributes headers;
        try {
            headers = new Manifest(new ByteArrayInputStream(manifest)).getMainAttributes();
        } catch (IOException | IllegalArgumentException e) {
            throw new RefusedException("has a manifest that cannot be read", e);
        }
        String name = headers.getValue(Constants.BUNDLE_SYMBOLICNAME);
        if (name == null) {
            throw noBundle("its manifest has no Bundle-SymbolicName");
        }
        if (NAME_HEADER.matcher(new String(manifest, StandardCharsets.UTF_8)).results().count() != 1) {
            throw new RefusedException("names itself more than once; a manifest has one Bundle-SymbolicName");
        }
        name = name.split(";")[0].trim();
        if (!name.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")) {
            throw new RefusedException("has the Bundle-SymbolicName '" + Names.visible(name) + "', which is none");
        }
        if (!"2".equals(trimmed(headers, Constants.BUNDLE_MANIFESTVERSION))) {
            throw noBundle("its manifest has no Bundle-ManifestVersion: 2");
        }
        Facts facts = new Facts(name, version(headers));
        refuse(headers, Constants.FRAGMENT_HOST, "is a fragment, a part of another bundle, so that one would have to restart");
        refuse(headers, Constants.EXPORT_PACKAGE, "exports packages, so others could come to depend on it and would restart with it; "
                + "remove the header Export-Package (with bnd: keep the packages private)");
        refuse(headers, Constants.BUNDLE_NATIVECODE, "brings native code, which cannot be taken out again");
        refuse(headers, Constants.DYNAMICIMPORT_PACKAGE, "imports packages dynamically, so nobody can tell whom it depends on; "
                + "remove the header DynamicImport-Package");
        refuse(headers, Constants.REQUIRE_BUNDLE, "requires other bundles by name; import their packages instead");
        return facts;
    }

    private static Version version(Attributes headers) throws RefusedException {
        String version = trimmed(headers, Constants.BUNDLE_VERSION);
        try {
            return Version.parseVersion(java.util.Objects.requireNonNull(version));
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new RefusedException(version == null ? "has no Bundle-Version"
                    : "has the Bundle-Version '" + Names.visible(version) + "', which is none; write it as in 1.0.0", e);
        }
    }

    private static void refuse(Attributes headers, String header, String why) throws RefusedException {
        String value = trimmed(headers, header);
        if (value != null && !value.isEmpty()) {
            throw new RefusedException(why);
        }
    }

    private static String trimmed(Attributes headers, String header) {
        String value = headers.getValue(header);
        return value == null ? null : value.trim();
    }

    static RefusedException noBundle(String why) {
        return new RefusedException("is no OSGi bundle: " + why + "; samples/codec.custom shows how one is built");
    }
}
