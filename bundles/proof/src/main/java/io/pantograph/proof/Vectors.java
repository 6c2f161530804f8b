package io.pantograph.proof;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import io.pantograph.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The golden vectors that a bundle brings: JSON files in its {@code OSGI-INF/vectors}, each a list of vectors, or an object with {@code format}
 * and {@code vectors}. Without {@code format} the file's name without {@code .json} is the format, if the bundle has such a format, else the
 * bundle's only format.
 *
 * <pre>{@code
 * [{"name": "the manual's example", "text": "world,10", "content": {"hello": "world", "x": 10}},
 *  {"name": "cut off", "text": "world", "fails": true}]
 * }</pre>
 *
 * <p>A vector has a name; its bytes as one of {@code text}, {@code hex} or {@code base64}; and its {@code content}, any JSON, in which
 * <code>{"$hex": "00ff"}</code> stands for bytes; perhaps a {@code time}; perhaps {@code only}, {@code decode} or {@code encode}, where the
 * other direction does not give the same. Instead of content, {@code "fails": true} says that the bytes must be refused.
 */
public final class Vectors {

    /** In the jar. */
    public static final String FOLDER = "OSGI-INF/vectors/";

    static final int MAX_FILES = 64;
    static final int MAX_FILE = 524_288;
    static final int MAX_VECTORS = 2_000;

    private Vectors() {
    }

    /** Those of a jar, by file name; empty if it brings none. @param formats of the bundle */
    public static List<Vector> ofJar(Path jar, Collection<String> formats) throws IOException, VectorException {
        Map<String, Bytes> files = new TreeMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().<ZipEntry>map(one -> one)::iterator) {
                if (entry.getName().startsWith(FOLDER) && !entry.isDirectory() && files.size() <= MAX_FILES) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        files.put(entry.getName().substring(FOLDER.length()), Bytes.wrap(in.readNBytes(MAX_FILE + 1)));
                    }
                }
            }
        }
        return ofFiles(files, formats);
    }

    /** Those of a folder of source or class files, in which there is an {@code OSGI-INF/vectors}; empty if there is none. */
    public static List<Vector> ofFolder(Path root, Collection<String> formats) throws IOException, VectorException {
        Path folder = root.resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        Map<String, Bytes> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                try (InputStream in = Files.newInputStream(file)) {
                    files.put(folder.relativize(file).toString(), Bytes.wrap(in.readNBytes(MAX_FILE + 1)));
                }
            }
        }
        return ofFiles(files, formats);
    }

    /** Those of these files. @param files by name within the folder */
    public static List<Vector> ofFiles(Map<String, Bytes> files, Collection<String> formats) throws VectorException {
        if (files.size() > MAX_FILES) {
            throw new VectorException(FOLDER + " holds more than " + MAX_FILES + " files; put the vectors into fewer");
        }
        List<Vector> vectors = new ArrayList<>();
        for (Map.Entry<String, Bytes> file : new TreeMap<>(files).entrySet()) {
            vectors.addAll(ofFile(file.getKey(), file.getValue(), formats));
            if (vectors.size() > MAX_VECTORS) {
                throw new VectorException(FOLDER + " holds more than " + MAX_VECTORS + " vectors; keep those that show something of their own");
            }
        }
        return List.copyOf(vectors);
    }

    private static List<Vector> ofFile(String name, Bytes text, Collection<String> formats) throws VectorException {
        String file = Names.visible(name);
        if (!name.endsWith(".json") || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0) {
            throw new VectorException(file + ": in " + FOLDER + " there are files *.json with vectors, and nothing else");
        }
        Object document = document(file, text);
        Object list = document;
        String format = null;
        if (document instanceof Values object) {
            VectorReader.only(file, object, Set.of("format", "vectors"));
            list = object.get("vectors");
            format = VectorReader.text(file, object, "format");
            if (!formats.contains(format)) {
                throw new VectorException(file + ": 'format' is '" + Names.visible(format) + "', but " + present(formats));
            }
        }
        if (!(list instanceof List<?> entries)) {
            throw new VectorException(file + ": the file must be a list of vectors, or an object with 'format' and such a list as 'vectors'");
        }
        return vectors(file, format != null ? format : format(file, name.substring(0, name.length() - ".json".length()), formats), entries);
    }

    private static Object document(String file, Bytes text) throws VectorException {
        if (text.length() > MAX_FILE) {
            throw new VectorException(file + ": the file has more than " + MAX_FILE + " bytes; part it");
        }
        try {
            return JsonReader.readBatch(text);
        } catch (CodecException e) {
            throw new VectorException(file + ": " + e.getMessage());
        }
    }

    private static String format(String file, String name, Collection<String> formats) throws VectorException {
        if (formats.contains(name)) {
            return name;
        }
        if (formats.size() == 1) {
            return formats.iterator().next();
        }
        throw new VectorException(file + ": it is not clear of which format these vectors are: " + present(formats)
                + "; name the file like the format, or write {\"format\": \"...\", \"vectors\": [...]}");
    }

    private static String present(Collection<String> formats) {
        return formats.isEmpty() ? "the bundle has no format" : "the bundle has " + String.join(", ", new TreeSet<>(formats));
    }

    private static List<Vector> vectors(String file, String format, List<?> entries) throws VectorException {
        List<Vector> vectors = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            String place = file + ": vector " + (i + 1);
            if (!(entries.get(i) instanceof Values entry)) {
                throw new VectorException(place + " must be an object with 'name', the bytes and the content");
            }
            Vector vector = new VectorReader(file, format, place, entry).vector();
            if (!names.add(vector.name())) {
                throw new VectorException(place + ": there is another vector with the name '" + vector.name() + "' in this file");
            }
            vectors.add(vector);
        }
        return vectors;
    }
}
