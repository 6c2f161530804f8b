package io.pantograph.hub.azure.rest;

import io.pantograph.api.model.Values;
import java.util.List;

/** Something that a twin has a value for: plain data, or {@link #UNDEFINED}. Any condition that is not true leaves a twin out. */
interface Expression {

    /** What a property that is not there has. It is not null. */
    Object UNDEFINED = new Object() {
        @Override
        public String toString() {
            return "undefined";
        }
    };

    Object of(Values twin);

    default boolean holds(Values twin) {
        return Boolean.TRUE.equals(of(twin));
    }

    record Constant(Object value) implements Expression {
        @Override
        public Object of(Values twin) {
            return value;
        }
    }

    /** A way into the twin. @param steps names, and places in lists */
    record Path(List<Object> steps) implements Expression {
        @Override
        public Object of(Values twin) {
            Object now = twin;
            for (Object step : steps) {
                if (step instanceof String name && now instanceof Values values && values.containsKey(name)) {
                    now = values.get(name);
                } else if (step instanceof Integer place && now instanceof List<?> list && place < list.size()) {
                    now = list.get(place);
                } else {
                    return UNDEFINED;
                }
            }
            return now;
        }
    }

    record All(List<Expression> conditions) implements Expression {
        @Override
        public Object of(Values twin) {
            for (Expression each : conditions) {
                if (!each.holds(twin)) {
                    return false;
                }
            }
            return true;
        }
    }

    record Any(List<Expression> conditions) implements Expression {
        @Override
        public Object of(Values twin) {
            for (Expression each : conditions) {
                if (each.holds(twin)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Of what is neither true nor false there is no opposite. */
    record Not(Expression condition) implements Expression {
        @Override
        public Object of(Values twin) {
            return condition.of(twin) instanceof Boolean flag ? (Object) !flag : UNDEFINED;
        }
    }

    record Comparison(Expression left, Comparing how, Expression right) implements Expression {
        @Override
        public Object of(Values twin) {
            return how.holds(left.of(twin), right.of(twin));
        }
    }

    /** @param among whether it should be one of them, or none */
    record In(Expression left, List<Expression> list, boolean among) implements Expression {
        @Override
        public Object of(Values twin) {
            Object value = left.of(twin);
            if (!Comparing.primitive(value)) {
                return false;
            }
            for (Expression each : list) {
                if (Comparing.EQUAL.holds(value, each.of(twin))) {
                    return among;
                }
            }
            return !among;
        }
    }

    record Calculation(Expression left, char sign, Expression right) implements Expression {
        @Override
        public Object of(Values twin) {
            return Numbers.calculated(left.of(twin), sign, right.of(twin));
        }
    }

    record Applied(Function function, List<Expression> arguments) implements Expression {
        @Override
        public Object of(Values twin) {
            return function.of(arguments.stream().map(each -> each.of(twin)).toArray());
        }
    }
}
