package io.pantograph.api.command;

import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import java.util.Objects;

/**
 * The answer to a command. Clouds without answers (Watson's commands) count and log it only.
 *
 * @param status 2xx done, 202 accepted and the rest comes as a report, 4xx the request was wrong, 5xx the device failed
 */
public record CommandResult(int status, Content content) {

    public CommandResult {
        if (status < 100 || status > 999) {
            throw new IllegalArgumentException("status " + status + " must be of 100 to 999");
        }
        Objects.requireNonNull(content);
    }

    /** 200 without data. */
    public static CommandResult ok() {
        return new CommandResult(200, Content.of(null));
    }

    /** 200 with data. */
    public static CommandResult ok(Values values) {
        return new CommandResult(200, Content.of(values));
    }

    /** 202: taken on, the outcome comes later as a report or event. */
    public static CommandResult accepted() {
        return new CommandResult(202, Content.of(null));
    }

    /** A refusal or failure with one sentence for the asker, sent as {@code {"message": ...}}. */
    public static CommandResult failed(int status, String message) {
        return new CommandResult(status, Content.of("message", message));
    }

    public boolean isOk() {
        return status >= 200 && status < 300;
    }
}
