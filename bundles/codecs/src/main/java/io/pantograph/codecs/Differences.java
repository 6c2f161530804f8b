package io.pantograph.codecs;

import io.pantograph.api.operator.Difference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What came out differently, by field, with the first sample of each. Bounded; the fields that come too late are only counted as messages. */
final class Differences {

    private record Place(String format, boolean decoding, String field) {
    }

    private static final class Sample {
        private final Comparison.Field first;
        private long count;

        private Sample(Comparison.Field first) {
            this.first = first;
        }
    }

    private final Map<Place, Sample> samples = new LinkedHashMap<>();

    synchronized void add(Way<?, ?> way, List<Comparison.Field> fields) {
        for (Comparison.Field field : fields) {
            Place place = new Place(way.format, way.decoding, field.path());
            Sample sample = samples.get(place);
            if (sample == null && samples.size() < Comparison.MOST) {
                sample = new Sample(field);
                samples.put(place, sample);
            }
            if (sample != null) {
                sample.count++;
            }
        }
    }

    synchronized List<Difference> list() {
        List<Difference> all = new ArrayList<>();
        samples.forEach((place, sample) -> all.add(new Difference(place.format, place.decoding, place.field, sample.first.before(),
                sample.first.after(), sample.count)));
        return all;
    }
}
