package io.omniroute.translators.format;

/** Names of users, which some formats bound. */
public final class UserIds {

    private static final int LONGEST = 64;

    private UserIds() {}

    /** The name itself, or, if it is too long, one that always stands for it. */
    public static String shown(String user) {
        return user.length() <= LONGEST ? user : IdRule.derived(user, "user_", 40);
    }
}
