package io.pantograph.hub.azure;

import io.pantograph.api.azure.AzureError;
import io.pantograph.api.azure.AzureException;
import io.pantograph.api.model.Names;
import io.pantograph.api.model.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a document that a client sent. What is null is taken as absent, what is unknown is passed over; what is of a wrong kind is
 * refused with its path.
 */
record Fields(String path, Values values) {

    static Fields of(Values values) {
        return new Fields("", values);
    }

    String at(String name) {
        return path.isEmpty() ? name : path + '.' + name;
    }

    Optional<String> text(String name) throws AzureException {
        return typed(name, String.class, "a text");
    }

    Optional<String> text(String name, int most) throws AzureException {
        Optional<String> text = text(name);
        if (text.isPresent() && text.get().length() > most) {
            throw invalid(at(name) + " has at most " + most + " characters");
        }
        return text;
    }

    /** As {@link #text}; an empty one counts as absent. */
    Optional<String> filled(String name) throws AzureException {
        return text(name).filter(text -> !text.isEmpty());
    }

    Optional<Boolean> flag(String name) throws AzureException {
        return typed(name, Boolean.class, "true or false");
    }

    Optional<Values> object(String name) throws AzureException {
        return typed(name, Values.class, "an object");
    }

    /** Empty if it is not there. */
    Fields below(String name) throws AzureException {
        return new Fields(at(name), object(name).orElse(Values.EMPTY));
    }

    Optional<List<String>> texts(String name) throws AzureException {
        Optional<List<?>> list = typed(name, List.class, "a list").map(each -> (List<?>) each);
        if (list.isEmpty()) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        for (Object item : list.get()) {
            if (!(item instanceof String text)) {
                throw invalid(at(name) + " must be a list of texts");
            }
            texts.add(text);
        }
        return Optional.of(List.copyOf(texts));
    }

    /** One of these words, in any capitalisation. @return as it is listed */
    Optional<String> word(String name, List<String> words) throws AzureException {
        Optional<String> text = filled(name);
        if (text.isEmpty()) {
            return text;
        }
        for (String word : words) {
            if (word.equalsIgnoreCase(text.get())) {
                return Optional.of(word);
            }
        }
        throw invalid(at(name) + " is '" + Names.visible(text.get()) + "'; it can be " + String.join(", ", words));
    }

    private <T> Optional<T> typed(String name, Class<T> type, String wanted) throws AzureException {
        Object value = values.get(name);
        if (value != null && !type.isInstance(value)) {
            throw invalid(at(name) + " must be " + wanted);
        }
        return Optional.ofNullable(type.cast(value));
    }

    static AzureException invalid(String why) {
        return new AzureException(AzureError.ArgumentInvalid, why);
    }
}
