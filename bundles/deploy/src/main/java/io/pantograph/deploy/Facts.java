package io.pantograph.deploy;

import io.pantograph.api.model.Names;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRevision;

/**
 * What a bundle's manifest says of it, found to be of the kind that may come and go.
 *
 * @param formats that its codecs read and write
 * @param needs what must be there, or it cannot run
 * @param offers what it provides, by namespace and attributes
 */
record Facts(String name, Version version, Kind kind, SortedSet<String> formats, List<Need> needs, List<Offer> offers) {

    /** @param attributes with their types */
    record Offer(String namespace, Map<String, Object> attributes) {
    }

    static final String SERVICE = "osgi.service";
    static final String CODEC = "pantograph.codec";
    private static final String GATEWAY = "io.pantograph.api.device.Gateway";
    private static final Set<String> HANDLERS = Set.of("io.pantograph.api.command.CommandHandler", "io.pantograph.api.twin.DesiredHandler",
            "io.pantograph.api.listener.DeviceListener", "io.pantograph.api.listener.HubListener", "io.pantograph.api.service.EventListener");

    private static final Set<String> COUNTED = Set.of("io.pantograph.api.command.CommandHandler", "io.pantograph.api.twin.DesiredHandler");

    private static final Pattern NAME_HEADER = Pattern.compile("(?mi)^" + Constants.BUNDLE_SYMBOLICNAME + "\\s*:");

    static Facts of(byte[] manifest) throws Objection {
        Attributes headers;
        try {
            headers = new Manifest(new ByteArrayInputStream(manifest)).getMainAttributes();
        } catch (IOException | IllegalArgumentException e) {
            throw new Objection("has a manifest that cannot be read", e);
        }
        String name = headers.getValue(Constants.BUNDLE_SYMBOLICNAME);
        if (name == null) {
            throw noBundle("its manifest has no Bundle-SymbolicName");
        }
        if (NAME_HEADER.matcher(new String(manifest, StandardCharsets.UTF_8)).results().count() != 1) {
            throw new Objection("names itself more than once; a manifest has one Bundle-SymbolicName");
        }
        name = name.split(";")[0].trim();
        if (!name.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")) {
            throw new Objection("has the Bundle-SymbolicName '" + Names.visible(name) + "', which is none");
        }
        if (!"2".equals(trimmed(headers, Constants.BUNDLE_MANIFESTVERSION))) {
            throw noBundle("its manifest has no Bundle-ManifestVersion: 2");
        }
        Version version = version(headers);
        refuse(headers, Constants.FRAGMENT_HOST, "is a fragment, a part of another bundle, so that one would have to restart");
        refuse(headers, Constants.EXPORT_PACKAGE, "exports packages, so others could come to depend on it and would restart with it; "
                + "remove the header Export-Package (with bnd: keep the packages private)");
        refuse(headers, Constants.BUNDLE_NATIVECODE, "brings native code, which cannot be taken out again");
        refuse(headers, Constants.DYNAMICIMPORT_PACKAGE, "imports packages dynamically, so nobody can tell whom it depends on; "
                + "remove the header DynamicImport-Package");
        refuse(headers, Constants.REQUIRE_BUNDLE, "requires other bundles by name; import their packages instead");
        List<Offer> offers = offers(trimmed(headers, Constants.PROVIDE_CAPABILITY));
        List<Need> needs = Need.of(trimmed(headers, Constants.IMPORT_PACKAGE), trimmed(headers, Constants.REQUIRE_CAPABILITY));
        SortedSet<String> formats = formats(offers);
        return new Facts(name, version, kind(formats, needs, offers), formats, needs, offers);
    }

    /** Whether it has handlers whose calls are counted. */
    boolean handles() {
        return offers.stream().anyMatch(offer -> !Collections.disjoint(services(offer), COUNTED));
    }

    /** As it is called in sentences. */
    String title() {
        return name + ' ' + version;
    }

    private static List<Offer> offers(String header) throws Objection {
        List<Offer> offers = new ArrayList<>();
        for (Clause clause : Clause.of(Constants.PROVIDE_CAPABILITY, header)) {
            clause.paths().forEach(path -> offers.add(new Offer(path, clause.attributes())));
        }
        return List.copyOf(offers);
    }

    private static SortedSet<String> formats(List<Offer> offers) {
        SortedSet<String> formats = new TreeSet<>();
        for (Offer offer : offers) {
            if (offer.namespace().equals(CODEC) && offer.attributes().get("codec") instanceof String format) {
                formats.add(format);
            }
        }
        return Collections.unmodifiableSortedSet(formats);
    }

    private static Kind kind(Set<String> formats, List<Need> needs, List<Offer> offers) {
        if (needs.stream().anyMatch(need -> need.namespace().equals(SERVICE) && need.asksFor(GATEWAY))) {
            return Kind.PROGRAM;
        }
        if (!formats.isEmpty()) {
            return Kind.CODEC;
        }
        return offers.stream().anyMatch(offer -> !Collections.disjoint(services(offer), HANDLERS)) ? Kind.HANDLER : Kind.OTHER;
    }

    /** Of a bundle that is installed; one that exports packages, which cannot come and go, is none of the kinds that can. */
    static Kind kind(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (revision == null || !revision.getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE).isEmpty()) {
            return Kind.OTHER;
        }
        List<Offer> offers = revision.getDeclaredCapabilities(null).stream().map(one -> new Offer(one.getNamespace(), one.getAttributes())).toList();
        List<Need> needs = revision.getDeclaredRequirements(SERVICE).stream()
                .filter(one -> !Constants.RESOLUTION_OPTIONAL.equals(one.getDirectives().get(Constants.RESOLUTION_DIRECTIVE)))
                .map(one -> new Need(SERVICE, one.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, ""), "", Optional.empty())).toList();
        return kind(formats(offers), needs, offers);
    }

    /** The names of the services that this offer is of. */
    static List<String> services(Offer offer) {
        if (!offer.namespace().equals(SERVICE)) {
            return List.of();
        }
        Object names = offer.attributes().get(Constants.OBJECTCLASS);
        return names instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of(String.valueOf(names));
    }

    private static Version version(Attributes headers) throws Objection {
        String version = trimmed(headers, Constants.BUNDLE_VERSION);
        try {
            return Version.parseVersion(java.util.Objects.requireNonNull(version));
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new Objection(version == null ? "has no Bundle-Version"
                    : "has the Bundle-Version '" + Names.visible(version) + "', which is none; write it as in 1.0.0", e);
        }
    }

    private static void refuse(Attributes headers, String header, String why) throws Objection {
        String value = trimmed(headers, header);
        if (value != null && !value.isEmpty()) {
            throw new Objection(why);
        }
    }

    private static String trimmed(Attributes headers, String header) {
        String value = headers.getValue(header);
        return value == null ? null : value.trim();
    }

    static Objection noBundle(String why) {
        return new Objection("is no OSGi bundle: " + why + "; samples/codec.custom shows how one is built");
    }
}
