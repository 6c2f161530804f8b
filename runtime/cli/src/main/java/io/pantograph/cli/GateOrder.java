package io.pantograph.cli;

import io.pantograph.service.Clients;
import java.util.List;
import picocli.CommandLine.Option;

/** A command that asks a gateway: that of the data folder, or one elsewhere through a hub. */
abstract class GateOrder extends Order {

    @Option(names = "--device", paramLabel = "ID", description = "Ask the gateway whose own device this is, through the hub; else the gateway that works on --home.")
    private String device;

    @Override
    final int run() throws Exception {
        try (Gate gate = open()) {
            return run(gate);
        }
    }

    private Gate open() throws Trouble {
        if (device == null) {
            if (access().saysLogin()) {
                throw Trouble.usage("--login is for a gateway elsewhere; say which with --device");
            }
            return LocalGate.of(access().hub().home(), access().timeout());
        }
        Clients clients = new Clients();
        try {
            return new RemoteGate(clients, access().open(screen(), clients), device);
        } catch (Trouble | RuntimeException e) {
            clients.close();
            throw e;
        }
    }

    abstract int run(Gate gate) throws Exception;

    /** How to look at it again. */
    String again(String id) {
        return "pantograph deploy show " + id + (device == null ? "" : " --device " + device);
    }

    void say(List<String> lines) {
        lines.forEach(screen()::say);
    }

    void tell(List<String> lines) {
        lines.forEach(screen()::tell);
    }
}
