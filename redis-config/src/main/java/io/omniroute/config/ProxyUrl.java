package io.omniroute.config;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * The URL of an HTTP proxy.
 *
 * @param user empty if it asks for none
 * @param password empty if it asks for none
 */
public record ProxyUrl(String host, int port, String user, String password) {

    private static final int USUAL_PORT = 3128;

    /**
     * Reads {@code http://user:password@host:port}; the scheme and the port may be missing.
     *
     * @throws IllegalArgumentException if it is none, without showing it
     */
    public static ProxyUrl of(String text) {
        try {
            URI uri = new URI(text.contains("://") ? text : "http://" + text);
            if (uri.getHost() != null && "http".equals(uri.getScheme())) {
                String user = uri.getUserInfo() == null ? "" : uri.getUserInfo();
                int colon = user.indexOf(':');
                return new ProxyUrl(
                        uri.getHost(),
                        uri.getPort() > 0 ? uri.getPort() : USUAL_PORT,
                        colon < 0 ? user : user.substring(0, colon),
                        colon < 0 ? "" : user.substring(colon + 1));
            }
        } catch (URISyntaxException notAUrl) {
            // told below
        }
        throw new IllegalArgumentException("it is not a URL such as http://proxy:3128");
    }

    /** Whether a text can be read. */
    public static boolean isOne(String text) {
        try {
            of(text);
            return true;
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
