package io.omniroute.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.script.DigestUtils;
import org.springframework.data.redis.core.script.RedisScript;

/** The scripts of the stores, {@code lua/<store>/<verb>.lua}; each runs as one step on the Redis side. */
public final class LuaScript {

    private LuaScript() {}

    /** A script that returns one whole number. */
    public static RedisScript<Long> number(String path) {
        return script(path, Long.class);
    }

    /** A script that returns one text. */
    public static RedisScript<String> text(String path) {
        return script(path, String.class);
    }

    /** A script that returns a list of texts. */
    @SuppressWarnings({"rawtypes"})
    public static RedisScript<List> texts(String path) {
        return script(path, List.class);
    }

    private static <T> RedisScript<T> script(String path, Class<T> result) {
        String source = source("lua/" + path + ".lua");
        return new Loaded<>(source, DigestUtils.sha1DigestAsHex(source), result);
    }

    /** A script whose digest is known from the beginning; Spring's own takes a lock to look whether it is, on event loops too. */
    private record Loaded<T>(String source, String digest, Class<T> result) implements RedisScript<T> {

        @Override
        public String getSha1() {
            return digest;
        }

        @Override
        public Class<T> getResultType() {
            return result;
        }

        @Override
        public String getScriptAsString() {
            return source;
        }
    }

    /** Read at once, so that no event loop reads a file later. */
    private static String source(String path) {
        try {
            return new ClassPathResource(path).getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException missing) {
            throw new UncheckedIOException("the script " + path + " cannot be read", missing);
        }
    }
}
