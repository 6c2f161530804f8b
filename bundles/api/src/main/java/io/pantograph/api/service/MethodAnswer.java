package io.pantograph.api.service;

import io.pantograph.api.model.Content;
import java.util.Objects;

/** What a device answered to a method. @param status the device's own. @param payload any JSON value; {@code null} inside for none */
public record MethodAnswer(int status, Content payload) {

    public MethodAnswer {
        Objects.requireNonNull(payload);
    }
}
