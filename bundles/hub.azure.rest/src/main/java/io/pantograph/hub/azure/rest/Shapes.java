package io.pantograph.hub.azure.rest;

import io.pantograph.api.azure.AzureException;
import io.pantograph.api.azure.Identity;
import io.pantograph.api.model.Content;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import java.util.List;
import java.util.Optional;

/** What clients mean by what they send. */
final class Shapes {

    private Shapes() {
    }

    /** An identity's document without the members that are null: clients write all they know, and null is "not told". */
    static Values document(Values sent, Identity identity) throws AzureException {
        checkOwner(sent, identity);
        return (Values) present(sent);
    }

    /**
     * What the service may write of a twin: {@code tags} and {@code properties.desired}. A section that is null is not told; a null
     * inside a section stays and deletes. What the hub itself adds to desired properties is taken off again.
     */
    static Values twin(Values sent, Identity identity) throws AzureException {
        checkOwner(sent, identity);
        Values.Builder kept = Values.builder();
        Optional<Values> tags = object(sent, "tags");
        if (tags.isPresent()) {
            kept.put("tags", tags.get());
        }
        Optional<Values> properties = object(sent, "properties");
        Optional<Values> desired = properties.isPresent() ? object(properties.get(), "desired") : Optional.empty();
        if (desired.isPresent()) {
            Values.Builder own = Values.builder();
            desired.get().forEach((name, value) -> {
                if (!name.equals("$version") && !name.equals("$metadata")) {
                    own.put(name, value);
                }
            });
            kept.put("properties", Values.of("desired", own.build()));
        }
        return kept.build();
    }

    private static Optional<Values> object(Values values, String name) throws AzureException {
        Object value = values.get(name);
        if (value == null || value instanceof Values) {
            return Optional.ofNullable((Values) value);
        }
        throw Call.invalid("'" + name + "' must be an object");
    }

    private static void checkOwner(Values sent, Identity identity) throws AzureException {
        checkId(sent, "deviceId", identity.device());
        if (identity.module().isPresent()) {
            checkId(sent, "moduleId", identity.module().get());
        }
    }

    private static void checkId(Values sent, String name, String inPath) throws AzureException {
        Object told = sent.get(name);
        if (told != null && !told.equals(inPath)) {
            throw Call.invalid("'" + name + "' is '" + Names.visible(String.valueOf(told)) + "' in the body and '" + inPath + "' in the path");
        }
    }

    private static Object present(Object value) {
        if (value instanceof Values values) {
            Values.Builder kept = Values.builder();
            values.forEach((name, each) -> {
                if (each != null) {
                    kept.put(name, present(each));
                }
            });
            return kept.build();
        }
        if (value instanceof List<?> list) {
            return Content.list(list.stream().map(Shapes::present).toList());
        }
        return value;
    }
}
