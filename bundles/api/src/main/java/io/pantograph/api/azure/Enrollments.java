package io.pantograph.api.azure;

import io.pantograph.api.model.Values;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The device provisioning service's enrolments, one hub behind them. Documents as its REST API (2021-10-01) has them. On disk when a
 * call returns.
 */
@ProviderType
public interface Enrollments {

    /** Setting {@code pantograph.hub.azure.scope}. */
    String scope();

    /** @param group a group instead of an individual enrolment */
    Optional<Values> document(String id, boolean group);

    /** Makes or replaces. @param ifMatch as in {@link Identities#update} */
    Values keep(String id, boolean group, Values document, Optional<String> ifMatch) throws AzureException;

    void delete(String id, boolean group, Optional<String> ifMatch) throws AzureException;

    List<Values> all(boolean group);

    /** With what this registration id would have to prove itself: its own enrolment's keys or thumbprint, else derived from each group's keys. */
    List<Credential> credentials(String registrationId);

    /**
     * The certificate authorities that vouch for devices: of one of {@link #credentials} those of its enrolment group, enabled or not
     * (who is told that it is disabled has proved who it is); without one those of all groups that are enabled. Quick.
     */
    List<X509Certificate> authorities(Optional<Credential> by);

    /**
     * Assigns: makes the device at the hub if it is not there, with the enrolment's proof as its own, and gives it the initial twin.
     *
     * @param by one of {@link #credentials}, which was proven
     * @param payload what the device said beside it, plain data
     * @return the registration state; {@code status} is {@code assigned}, {@code disabled} or {@code failed}
     */
    Values register(String registrationId, Credential by, Optional<Object> payload) throws AzureException;

    Optional<Values> state(String registrationId);
}
