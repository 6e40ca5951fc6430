package io.omniroute.translators.format;

import io.omniroute.translators.json.Fields;
import io.omniroute.translators.json.Json;
import io.omniroute.translators.model.ChatRequest;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Names of users, which some formats bound. */
public final class UserIds {

    /** The newer of OpenAI's two fields. */
    public static final String SAFETY = "safety_identifier";

    private static final List<String> FIELDS = List.of(SAFETY, "user");
    private static final int LONGEST = 64;
    private static final int LONGEST_ANONYMOUS = 256;
    private static final Pattern PHONE = Pattern.compile("\\+?[0-9][0-9 ().-]{6,20}");

    private UserIds() {}

    /** The name itself, or, if it is too long, one that always stands for it. */
    public static String shown(String user) {
        return user.length() <= LONGEST ? user : IdRule.derived(user, "user_", 40);
    }

    /** A name that says nothing of a person to a vendor that refuses what does: addresses and telephone numbers. */
    public static String anonymous(String user) {
        boolean person = user.indexOf('@') >= 0 || PHONE.matcher(user).matches();
        return person || user.length() > LONGEST_ANONYMOUS ? IdRule.derived(user, "user_", 40) : user;
    }

    /** Whether a field names the user. */
    static boolean isName(String field) {
        return FIELDS.contains(field);
    }

    /** Tells a client of the Responses format by what names it has called the user. */
    public static void echo(ChatRequest request, ObjectNode response) {
        Map<String, JsonNode> given = request.extra().fields();
        JsonNode user = given.get("user");
        response.set("user", user == null ? Json.nothing() : user);
        JsonNode safety = given.get(SAFETY);
        if (safety != null) {
            response.set(SAFETY, safety);
        }
    }

    /** What nobody has taken of a request in one of OpenAI's formats, and both names of the user, which go back to it as they are. */
    public static Map<String, JsonNode> kept(Fields fields) {
        Map<String, JsonNode> kept = fields.rest();
        kept.values().removeIf(JsonNode::isNull);
        for (String name : FIELDS) {
            if (fields.has(name)) {
                kept.put(name, fields.object().get(name));
            }
        }
        return kept;
    }
}
