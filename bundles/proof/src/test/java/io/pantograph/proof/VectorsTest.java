package io.pantograph.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VectorsTest {

    private static List<Vector> read(String file, String json, String... formats) throws VectorException {
        return Vectors.ofFiles(Map.of(file, Bytes.utf8(json.replace('\'', '"'))), Set.of(formats));
    }

    @Test
    void readsBytesAndContent() throws VectorException {
        assertEquals(List.of(
                new Vector("custom.json", "example", "custom", Bytes.utf8("world,10"),
                        Optional.of(Content.of(Values.of("hello", "world", "x", 10))), true, true),
                new Vector("custom.json", "bytes", "custom", Bytes.of((byte) 0, (byte) 0xff),
                        Optional.of(Content.of(List.of(Bytes.of((byte) 1, (byte) 2))).at(Instant.parse("2026-01-02T03:04:05.678Z"))), true, false),
                new Vector("custom.json", "nothing", "custom", Bytes.utf8("x"), Optional.of(Content.of((Object) null)), false, true),
                new Vector("custom.json", "cut off", "custom", Bytes.utf8("world"), Optional.empty(), true, false)),
                read("custom.json", """
                        [{'name': 'example', 'text': 'world,10', 'content': {'hello': 'world', 'x': 10}},
                         {'name': 'bytes', 'hex': '00 FF', 'content': [{'$hex': '0102'}], 'time': '2026-01-02T03:04:05.678Z', 'only': 'decode'},
                         {'name': 'nothing', 'base64': 'eA==', 'content': null, 'only': 'encode'},
                         {'name': 'cut off', 'text': 'world', 'fails': true}]""", "custom"));
    }

    static Stream<Arguments> formats() {
        String list = "[{'name': 'a', 'text': '', 'fails': true}]";
        return Stream.of(
                arguments("two.json", list, Set.of("one", "two"), "two"),
                arguments("else.json", list, Set.of("one"), "one"),
                arguments("two.json", "{'format': 'one', 'vectors': " + list + "}", Set.of("one", "two"), "one"));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void findsTheFormat(String file, String json, Set<String> formats, String format) throws VectorException {
        assertEquals(format, Vectors.ofFiles(Map.of(file, Bytes.utf8(json.replace('\'', '"'))), formats).get(0).format());
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments("v.json", "", "v.json: expected a JSON document, got none"),
                arguments("v.json", "[{]", "v.json: no JSON at about byte"),
                arguments("v.json", "1", "v.json: the file must be a list of vectors, or an object with 'format'"),
                arguments("v.txt", "[]", "v.txt: in OSGI-INF/vectors/ there are files *.json"),
                arguments("sub/v.json", "[]", "sub/v.json: in OSGI-INF/vectors/ there are files *.json"),
                arguments("v.json", "{'vectors': []}", "v.json: 'format' must be a text, it is missing"),
                arguments("v.json", "{'format': 'x', 'vectors': []}", "v.json: 'format' is 'x', but the bundle has a, b"),
                arguments("v.json", "{'format': 'a', 'vector': []}", "v.json: 'vector' is not known here; known are format, vectors"),
                arguments("v.json", "[]", "not clear of which format these vectors are: the bundle has a, b"),
                arguments("a.json", "[1]", "a.json: vector 1 must be an object"),
                arguments("a.json", "[{'text': 'x', 'content': 1}]", "a.json: vector 1: 'name' must be a text, it is missing"),
                arguments("a.json", vector("'text': 'x', 'contents': 1"), "a.json: vector 1 'n': 'contents' is not known here; known are base64, content"),
                arguments("a.json", vector("'content': 1"), "a.json: vector 1 'n': its bytes must be given as one of 'text', 'hex' or 'base64', they are given as none of them"),
                arguments("a.json", vector("'text': 'x', 'hex': '00', 'content': 1"), "they are given as text and hex"),
                arguments("a.json", vector("'text': 1, 'content': 1"), "'text' must be a text, it is another value"),
                arguments("a.json", vector("'hex': '0', 'content': 1"), "'hex' must be hex digits, two for each byte"),
                arguments("a.json", vector("'base64': '****', 'content': 1"), "'base64' is none: Illegal base64 character"),
                arguments("a.json", vector("'text': 'x'"), "a.json: vector 1 'n': 'content' is missing; say what the bytes mean, or \"fails\": true"),
                arguments("a.json", vector("'text': 'x', 'content': {'a': [{'$hex': 'x'}]}"), "a.json: vector 1 'n': 'content.a[0].$hex' must be hex digits"),
                arguments("a.json", vector("'text': 'x', 'content': {'$hex': '00', 'b': 1}"), "'content' must be {\"$hex\": a text} and nothing else"),
                arguments("a.json", vector("'text': 'x', 'content': 1, 'time': 'noon'"), "'time' must be a time such as 2026-01-02T03:04:05.678Z, it is 'noon'"),
                arguments("a.json", vector("'text': 'x', 'content': 1, 'only': 'read'"), "'only' must be decode or encode, it is 'read'"),
                arguments("a.json", vector("'text': 'x', 'content': 1, 'fails': true"), "bytes that must be refused have no 'content'"),
                arguments("a.json", vector("'text': 'x', 'fails': false"), "'fails' must be true, or not be there"),
                arguments("a.json", "[{'name': 'n', 'text': '', 'fails': true}, {'name': 'n', 'text': '', 'fails': true}]",
                        "a.json: vector 2: there is another vector with the name 'n'"));
    }

    private static String vector(String members) {
        return "[{'name': 'n', " + members + "}]";
    }

    @ParameterizedTest
    @MethodSource("faults")
    void saysWhatIsWrongWhere(String file, String json, String message) {
        VectorException thrown = assertThrows(VectorException.class, () -> read(file, json, "a", "b"));
        assertEquals(true, thrown.getMessage().contains(message), thrown.getMessage());
    }

    @Test
    void findsThemInAJarAndInAFolder(@TempDir Path folder) throws IOException, VectorException {
        assertEquals(List.of(), Vectors.ofFolder(folder, Set.of("a")));
        String json = "[{\"name\": \"n\", \"text\": \"x\", \"fails\": true}]";
        Files.createDirectories(folder.resolve("OSGI-INF/vectors"));
        Files.writeString(folder.resolve("OSGI-INF/vectors/b.json"), json);
        Files.writeString(folder.resolve("OSGI-INF/vectors/a.json"), json);
        Path jar = folder.resolve("codec.jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String name : List.of("OSGI-INF/vectors/", "OSGI-INF/vectors/b.json", "OSGI-INF/vectors/a.json", "OSGI-INF/b.xml")) {
                out.putNextEntry(new ZipEntry(name));
                if (name.endsWith(".json")) {
                    out.write(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                }
            }
        }
        List<Vector> fromJar = Vectors.ofJar(jar, Set.of("a", "b"));
        assertEquals(List.of("a", "b"), fromJar.stream().map(Vector::format).toList());
        assertEquals(fromJar, Vectors.ofFolder(folder, Set.of("a", "b")));
    }

    @Test
    void doesNotReadForEver(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("OSGI-INF/vectors"));
        Files.writeString(folder.resolve("OSGI-INF/vectors/a.json"), " ".repeat(524_289));
        assertEquals("a.json: the file has more than 524288 bytes; part it",
                assertThrows(VectorException.class, () -> Vectors.ofFolder(folder, Set.of("a"))).getMessage());
        StringBuilder json = new StringBuilder("[");
        for (int i = 0; i <= 2_000; i++) {
            json.append(i == 0 ? "" : ",").append("{\"name\":\"").append(i).append("\",\"text\":\"\",\"fails\":true}");
        }
        assertEquals("OSGI-INF/vectors/ holds more than 2000 vectors; keep those that show something of their own",
                assertThrows(VectorException.class, () -> read("a.json", json.append(']').toString(), "a")).getMessage());
    }
}
