package io.pantograph.hub;

import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Settings as a test wants them; remembers why the box should have ended. */
final class TestSettings implements Settings {

    final Map<String, String> values = new HashMap<>();
    final CompletableFuture<SettingException> failed = new CompletableFuture<>();
    private final Path home;

    TestSettings(Path home) {
        this.home = home;
    }

    @Override
    public Path home() {
        return home;
    }

    @Override
    public String bind() {
        return "127.0.0.1";
    }

    @Override
    public Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public int port(String key, int otherwise) {
        return otherwise;
    }

    @Override
    public long number(String key, long otherwise, long least, long most) {
        return otherwise;
    }

    @Override
    public void fail(SettingException why) {
        failed.complete(why);
    }
}
