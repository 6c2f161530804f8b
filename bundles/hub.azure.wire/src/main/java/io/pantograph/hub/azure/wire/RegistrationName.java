package io.pantograph.hub.azure.wire;

import java.util.Optional;

/** The user name of who wants to be provisioned: {@code {scope}/registrations/{id}/api-version=...}, now and then with a {@code ?}. */
record RegistrationName(String scope, String id) {

    private static final String LEVEL = "/registrations/";

    /** Empty if it is of another kind. */
    static Optional<RegistrationName> of(String text) {
        int level = text.indexOf(LEVEL);
        if (level < 1 || text.indexOf('/') != level) {
            return Optional.empty();
        }
        int begin = level + LEVEL.length();
        int end = text.indexOf('/', begin);
        if (end <= begin || !text.startsWith("api-version=", text.startsWith("?", end + 1) ? end + 2 : end + 1)) {
            return Optional.empty();
        }
        return Optional.of(new RegistrationName(text.substring(0, level), text.substring(begin, end)));
    }
}
