package io.omniroute.redis;

import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.script.DefaultRedisScript;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.scripting.support.ResourceScriptSource;

/** The scripts of the stores, {@code lua/<store>/<verb>.lua}; each runs as one step on the Redis side. */
public final class LuaScript {

    private LuaScript() {}

    /** A script that returns one whole number. */
    public static RedisScript<Long> number(String path) {
        return script(path, Long.class);
    }

    /** A script that returns a list of texts. */
    @SuppressWarnings({"rawtypes"})
    public static RedisScript<List> texts(String path) {
        return script(path, List.class);
    }

    private static <T> RedisScript<T> script(String path, Class<T> result) {
        DefaultRedisScript<T> script = new DefaultRedisScript<>();
        script.setScriptSource(new ResourceScriptSource(new ClassPathResource("lua/" + path + ".lua")));
        script.setResultType(result);
        return script;
    }
}
