package io.pantograph.hub.mqtt;

import com.hivemq.configuration.info.SystemInformation;
import java.io.File;

/** Where HiveMQ may keep things: one folder. Its own version of this looks into system properties and asks JNA for the processors. */
record EngineHome(File data, long getRunningSince) implements SystemInformation {

    EngineHome(File data) {
        this(data, System.currentTimeMillis());
    }

    @Override
    public void init() {
        // nothing to find out
    }

    @Override
    public String getHiveMQVersion() {
        return "2025.5";
    }

    @Override
    public File getHiveMQHomeFolder() {
        return data;
    }

    @Override
    public File getConfigFolder() {
        return data;
    }

    @Override
    public File getLogFolder() {
        return data;
    }

    @Override
    public File getDataFolder() {
        return data;
    }

    @Override
    public File getExtensionsFolder() {
        return data;
    }

    @Override
    public int getProcessorCount() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public boolean isEmbedded() {
        return true;
    }
}
