package io.pantograph.hub.mqtt;

import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Every port free, everything else as told. */
final class FakeSettings implements Settings {

    final CompletableFuture<SettingException> failure = new CompletableFuture<>();
    private final Path home;
    private final Map<String, String> told = new HashMap<>();

    FakeSettings(Path home) {
        this.home = home;
        for (String port : new String[] {"mqtt", "mqtts", "https", "http"}) {
            told.put("pantograph.hub." + port + ".port", "0");
        }
    }

    FakeSettings with(String key, String value) {
        told.put(key, value);
        return this;
    }

    @Override
    public Path home() {
        return home;
    }

    @Override
    public String bind() {
        return told.getOrDefault("pantograph.bind", "127.0.0.1");
    }

    @Override
    public Optional<String> text(String key) {
        return Optional.ofNullable(told.get(key));
    }

    @Override
    public int port(String key, int otherwise) throws SettingException {
        return (int) number(key, otherwise, 0, 65_535);
    }

    @Override
    public long number(String key, long otherwise, long least, long most) {
        return text(key).map(Long::valueOf).orElse(otherwise);
    }

    @Override
    public void fail(SettingException why) {
        failure.complete(why);
    }
}
