package io.pantograph.api.wire;

/**
 * The certificate with which a device shows who it is when TLS begins.
 *
 * @param certificate file with the device's certificate in PEM, those that issued it after it; relative to the home folder
 * @param key file with its private key in PEM (PKCS#8, not encrypted); relative to the home folder
 */
public record ClientCertificate(String certificate, String key) {
}
