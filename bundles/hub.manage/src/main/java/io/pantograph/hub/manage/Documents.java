package io.pantograph.hub.manage;

import io.pantograph.api.codec.CodecException;
import io.pantograph.api.hub.Json;
import io.pantograph.api.model.Bytes;
import io.pantograph.api.model.Values;
import java.sql.SQLException;

/** Open documents as they lie in the database: JSON text. */
final class Documents {

    private final Json json;

    Documents(Json json) {
        this.json = json;
    }

    String text(Values values) {
        return json.write(values).text();
    }

    Values values(String text) throws SQLException {
        try {
            return (Values) json.read(Bytes.utf8(text));
        } catch (CodecException | ClassCastException e) {
            throw new SQLException("a stored document is no JSON object: " + e.getMessage(), e);
        }
    }
}
