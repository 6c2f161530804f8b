package io.pantograph.testkit;

import io.pantograph.api.core.SettingException;
import io.pantograph.api.core.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Settings as a test wants them; remembers why the box should have ended. Checks no bounds. */
public final class PlainSettings implements Settings {

    private final Path home;
    private final Map<String, String> values = new ConcurrentHashMap<>();
    private final CompletableFuture<SettingException> failed = new CompletableFuture<>();

    public PlainSettings(Path home) {
        this.home = home;
    }

    /** From now on this setting is this. */
    public PlainSettings with(String key, String value) {
        values.put(key, value);
        return this;
    }

    /** Completed when the box should have ended, with why. */
    public CompletableFuture<SettingException> failed() {
        return failed;
    }

    @Override
    public Path home() {
        return home;
    }

    @Override
    public String bind() {
        return text("pantograph.bind").orElse("127.0.0.1");
    }

    @Override
    public Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public int port(String key, int otherwise) {
        return text(key).map(Integer::valueOf).orElse(otherwise);
    }

    @Override
    public long number(String key, long otherwise, long least, long most) {
        return text(key).map(Long::valueOf).orElse(otherwise);
    }

    @Override
    public void fail(SettingException why) {
        failed.complete(why);
    }
}
