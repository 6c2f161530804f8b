package io.pantograph.hub.azure.rest;

import io.pantograph.api.model.Values;
import io.pantograph.json.JsonReader;
import io.pantograph.json.JsonWriter;
import io.pantograph.testkit.PlainJson;

/** JSON as the hub's own service reads and writes it; in texts of tests ' is written for ". */
final class TestJson {

    static final PlainJson JSON = new PlainJson(JsonWriter::write, JsonReader::readBatch);

    private TestJson() {
    }

    static Values values(String text) {
        return (Values) JSON.data(text);
    }

    static String text(Object data) {
        return JSON.write(data).text().replace('"', '\'');
    }
}
