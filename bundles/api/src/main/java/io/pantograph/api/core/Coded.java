package io.pantograph.api.core;

import io.pantograph.api.model.Provenance;

/** What a codec made, and which codec that was. */
public record Coded<T>(T value, Provenance by) {
}
