package io.omniroute.redis;

/**
 * The one place where a Redis key is spelled. All keys of one script share a hash tag (the part in braces), so that a
 * cluster keeps them in one slot. The list with types and lifetimes is {@code docs/redis-keys.md}.
 */
public final class RedisKeys {

    /** Hash: records of API keys by the hex of their hash. Configuration, so without a lifetime. */
    public static final String API_KEY_RECORDS = "omniroute:{api-keys}:records";

    /** Hash: when an API key was revoked, in milliseconds since 1970, by the hex of its hash. */
    public static final String API_KEY_REVOCATIONS = "omniroute:{api-keys}:revocations";

    /** String: counts the changes of API keys; an instance that knows it knows whether it is up to date. */
    public static final String API_KEY_EPOCH = "omniroute:{api-keys}:epoch";

    /** Sorted set: the hash of every API key that ever changed, scored with the epoch of its last change. */
    public static final String API_KEY_CHANGES = "omniroute:{api-keys}:changes";

    /** String: a random word that tells one history of epochs from another, after data was lost. */
    public static final String API_KEY_HISTORY = "omniroute:{api-keys}:history";

    /** Hash: epochs of the last changes of API keys to a random word each. */
    public static final String API_KEY_WORDS = "omniroute:{api-keys}:words";

    /** Channel: says that the epoch has moved; carries it. */
    public static final String API_KEY_CHANNEL = "omniroute:{api-keys}:changed";

    /** Hash: the connections that were added at run time, by {@code provider/connection}. Configuration, so without a lifetime. */
    public static final String CONNECTION_RECORDS = "omniroute:{connections}:records";

    /** String: a random word, another one after every change of connections. */
    public static final String CONNECTION_VERSION = "omniroute:{connections}:version";

    /** Channel: carries the new version word after every change of connections. */
    public static final String CONNECTION_CHANNEL = "omniroute:{connections}:changed";

    /** String: the secret, in hex, that what passes through clients is sealed with. Configuration, so without a lifetime. */
    public static final String DEPLOYMENT_SECRET = "omniroute:{deployment}:secret";

    /** String: written to see whether Redis takes writes. */
    public static final String WRITE_CHECK = "omniroute:{deployment}:write-check";

    /** Channel: used to see whether this user may use one; nobody listens to it for longer. */
    public static final String CHECK_CHANNEL = "omniroute:{deployment}:check";

    /** Hash: how often something has rested and why, by what it is. */
    public static final String COOLDOWN_RECORDS = "omniroute:{cooldowns}:records";

    /** Sorted set: what rests, scored with the end of its rest in milliseconds since 1970. */
    public static final String COOLDOWN_ENDS = "omniroute:{cooldowns}:ends";

    /** Channel: says that a rest has begun or ended; carries it. */
    public static final String COOLDOWN_CHANNEL = "omniroute:{cooldowns}:changed";

    /** Hash: the target that has answered last, by the combo. */
    public static final String LAST_GOOD = "omniroute:{routing}:last-good";

    /** Hash: how many calls of which targets run, by the instance. */
    public static final String RUNNING = "omniroute:{statistics}:running";

    /** Hash: what is left of the limits of an account, by the account. */
    public static final String QUOTAS = "omniroute:{statistics}:quotas";

    private RedisKeys() {}

    /** String: how many turns a combo has taken. */
    public static String turns(String combo) {
        return "omniroute:{turns:" + combo + "}";
    }

    /** String: the account that has answered a session of a combo. Lives as long as sessions are kept. */
    public static String session(String hash) {
        return "omniroute:{session:" + hash + "}";
    }

    /** Hash: when the next call of an account is due, and when the last began, in milliseconds since 1970. */
    public static String rates(String account) {
        return "omniroute:{pace:" + account + "}:rates";
    }

    /** Sorted set: the running calls of an account, scored with the end of their leases in milliseconds since 1970. */
    public static String leases(String account) {
        return "omniroute:{pace:" + account + "}:leases";
    }

    /** Sorted set: the instances that wait for a place at an account, scored with when they have asked last. */
    public static String waiting(String account) {
        return "omniroute:{pace:" + account + "}:waiting";
    }

    /** Sorted set: the instances that have had a place at an account, scored with when they got the last one. */
    public static String served(String account) {
        return "omniroute:{pace:" + account + "}:served";
    }

    /** String: that an instance tries a provider again whose breaker is open. */
    public static String probe(String provider) {
        return "omniroute:{probe:" + provider + "}";
    }

    /** Hash: how the calls that began in ten seconds were decided, as JSON by the request's id. Lives as long as decisions are kept. */
    public static String decisions(long tenSeconds) {
        return "omniroute:{decisions:" + tenSeconds + "}";
    }

    /** Hash: calls, failures and milliseconds of targets in one minute since 1970. */
    public static String statistics(long minute) {
        return "omniroute:{statistics}:" + minute;
    }

    /** String: one item of an answer, as JSON. Lives as long as answers are kept. */
    public static String conversationItem(String tenant, String id) {
        return "omniroute:{conversation:" + tenant + ":" + id + "}:item";
    }

    /** String: the id of the turn before this one, a line feed, and the items of this one. Lives as long as answers are kept. */
    public static String conversationTurn(String tenant, String id) {
        return "omniroute:{conversation:" + tenant + ":" + id + "}:turn";
    }

    /** String: the provider and the account that keep something for a team. Lives as long as that is remembered. */
    public static String keptObject(String tenant, String id) {
        return "omniroute:{object:" + tenant + ":" + id + "}";
    }

    /** String: who had a conversation, a line feed, and what is told to whoever takes it over. Lives for five hours. */
    public static String handoff(String tenant, String combo, String session) {
        return "omniroute:{handoff:" + tenant + ":" + combo + ":" + session + "}";
    }

    /** String: that somebody writes what is to be told to whoever takes a conversation over. Lives for a minute. */
    public static String handoffWriter(String tenant, String combo, String session) {
        return handoff(tenant, combo, session) + ":writer";
    }

    /** String: the signature of a call of a tool. Lives as long as answers are kept. */
    public static String callSignature(String tenant, String call) {
        return "omniroute:{signature:" + tenant + ":" + call + "}";
    }
}
