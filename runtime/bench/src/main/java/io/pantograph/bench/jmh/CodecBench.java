package io.pantograph.bench.jmh;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.pantograph.api.codec.Codec;
import io.pantograph.api.core.CodecExchange;
import io.pantograph.api.core.CodecRoute;
import io.pantograph.api.core.Codecs;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.operator.Trial;
import io.pantograph.codec.json.JsonCodec;
import io.pantograph.codecs.CodecRegistry;
import io.pantograph.testkit.Await;
import io.pantograph.testkit.TestFramework;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.scr.info.ScrInfo;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.osgi.framework.Bundle;

/**
 * What a message pays for its codec being exchangeable, and what our limits and checks cost against bare Jackson. Everything of ours is called
 * as the rooms call it: through the registry, in a framework, from another bundle's side.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgs = {"-Xmx512m", "-XX:+UseSerialGC"})
public class CodecBench {

    // 12 fields, 210 bytes: what a reading of an industrial device looks like.
    private static final String DOCUMENT = "{\"time\":1763703600123,\"temperature\":21.53,\"humidity\":48.2,\"pressure\":1013.25,"
            + "\"status\":\"running\",\"alarm\":false,\"count\":184223,\"voltage\":229.8,\"current\":3.142,\"mode\":\"auto\",\"error\":null,"
            + "\"firmware\":\"2.14.7\"}";

    private static final Trial ENDLESS = new Trial(1_000_000_000, Optional.empty(), 0, OptionalLong.empty(), 0, 0, Optional.empty(), false);

    private final ObjectReader reader = new ObjectMapper().readerFor(Map.class);
    private final ObjectWriter writer = new ObjectMapper().writerFor(Map.class);
    private final byte[] document = DOCUMENT.getBytes(StandardCharsets.UTF_8);
    private final Bytes bytes = Bytes.of(document);
    private final Idle idle = new Idle();
    private final AtomicReference<CodecExchange.Verdict> verdict = new AtomicReference<>();

    private TestFramework felix;
    private Codecs codecs;
    private CodecExchange exchange;
    private CodecRoute idleRoute;
    private CodecRoute laneRoute;
    private CodecRoute shadowedRoute;
    private CodecRoute probedRoute;
    private CodecRoute json;
    private Content content;
    private Map<String, Object> map;

    /** A codec that does nothing, so that only the way to it is measured. */
    private static final class Idle implements Codec {

        @Override
        public Bytes encode(Content content) {
            return Bytes.EMPTY;
        }

        @Override
        public Content decode(Bytes bytes) {
            return null;
        }
    }

    @Setup
    public void start() throws Exception {
        Path storage = Files.createTempDirectory("bench");
        felix = TestFramework.start(storage, true);
        felix.add(TestFramework.jarOf(org.osgi.util.function.Function.class), TestFramework.jarOf(org.osgi.util.promise.Promise.class),
                TestFramework.jarOf(org.osgi.service.component.ComponentContext.class), TestFramework.jarOf(ScrInfo.class),
                TestFramework.jarOf(CodecRegistry.class), TestFramework.jarOf(JsonFactory.class));
        // In the name of a bundle that is trusted; one that is not is called on a thread of its own.
        Bundle trusted = felix.add(TestFramework.jarOf(JsonCodec.class)).get(0);
        register(trusted, "idle", "shadowed", "probed");
        register(strange(storage, "bench.lane"), "lane");
        codecs = felix.service(Codecs.class);
        exchange = felix.service(CodecExchange.class);
        idleRoute = codecs.route("idle");
        laneRoute = codecs.route("lane");
        shadowedRoute = codecs.route("shadowed");
        probedRoute = codecs.route("probed");
        json = codecs.route("json");
        Await.until("all codecs", () -> idleRoute.ready() && laneRoute.ready() && shadowedRoute.ready() && probedRoute.ready() && json.ready());
        content = json.decode(bytes);
        map = reader.readValue(document);
        // Without end, and whatever they make of a message: it is the way to them that is measured.
        candidate(storage, "shadowed").shadow(ENDLESS, verdict::set);
        candidate(storage, "probed").serve(ENDLESS, ENDLESS.shadowCalls(), verdict::set);
    }

    private void register(Bundle bundle, String... formats) {
        bundle.getBundleContext().registerService(Codec.class, idle, new Hashtable<>(Map.of("pantograph.codec.format", formats)));
    }

    /** A bundle with nothing in it, and so trusted by nobody. */
    private Bundle strange(Path folder, String name) throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", name);
        manifest.getMainAttributes().putValue("Import-Package", "io.pantograph.api.codec");
        Path jar = folder.resolve(name + ".jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return felix.add(jar).get(0);
    }

    private CodecExchange.Candidate candidate(Path folder, String format) throws Exception {
        Bundle bundle = strange(folder, "bench." + format);
        CodecExchange.Candidate candidate = exchange.hold(bundle.getBundleId());
        register(bundle, format);
        Await.until("the candidate for " + format, () -> candidate.formats().contains(format));
        return candidate;
    }

    @TearDown
    public void stop() throws Exception {
        felix.close();
        if (verdict.get() != null) {
            throw new IllegalStateException("a trial came to its end, so it was not measured: " + verdict.get());
        }
    }

    @Benchmark
    public Object leaseAbsent() {
        return idle.encode(content);
    }

    @Benchmark
    public Object leaseOnKeptRoute() throws Exception {
        return idleRoute.encode(content);
    }

    @Benchmark
    public Object leaseWithLookup() throws Exception {
        return codecs.route("idle").encode(content);
    }

    @Benchmark
    public Object leaseOnKeptRouteTellingWho() throws Exception {
        return idleRoute.encode(null, content);
    }

    @Benchmark
    @Threads(2)
    public Object leaseWithLookupByTwo() throws Exception {
        return codecs.route("idle").encode(content);
    }

    /** As codecs of other people are called, until they come back no more. */
    @Benchmark
    public Object leaseOnALane() throws Exception {
        return laneRoute.encode(content);
    }

    /** At this speed the shadow cannot keep up, so of most messages it gets no copy. */
    @Benchmark
    public Object leaseWhileShadowed() throws Exception {
        return shadowedRoute.encode(content);
    }

    /** Called on a lane, and one message in 16 given to the codec before as well, to compare. */
    @Benchmark
    public Object leaseOnProbation() throws Exception {
        return probedRoute.encode(content);
    }

    @Benchmark
    public Object jsonEncode() throws Exception {
        return json.encode(content);
    }

    @Benchmark
    public Object jsonDecode() throws Exception {
        return json.decode(bytes);
    }

    @Benchmark
    public Object jsonEncodeBareJackson() throws Exception {
        return writer.writeValueAsBytes(map);
    }

    @Benchmark
    public Object jsonDecodeBareJackson() throws Exception {
        return reader.readValue(document);
    }
}
