package io.pantograph.api.core;

/** A setting that cannot work. The message is one line: the setting, its value, what is wrong, the remedy. */
public final class SettingException extends Exception {

    private static final long serialVersionUID = 1;

    private final String setting;

    /**
     * @param setting its key
     * @param value as given; shown, so never a secret
     * @param wrong what is wrong with it, such as {@code is in use by another program}
     * @param remedy what to do, such as {@code choose another port, or 0 for any free one}
     */
    public SettingException(String setting, Object value, String wrong, String remedy) {
        super(setting + '=' + value + ' ' + wrong + "; " + remedy);
        this.setting = setting;
    }

    public String setting() {
        return setting;
    }
}
