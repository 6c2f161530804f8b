package io.pantograph.manage;

import io.pantograph.api.command.CommandResult;
import io.pantograph.api.model.DeviceId;
import java.util.concurrent.CompletionStage;

/** What restarts the gateway, if an author has brought a handler for it. */
interface Restarts {

    /** @param command {@code reboot} or {@code factory_reset} */
    boolean has(DeviceId device, String command);

    CompletionStage<CommandResult> run(DeviceId device, String command, String id);
}
