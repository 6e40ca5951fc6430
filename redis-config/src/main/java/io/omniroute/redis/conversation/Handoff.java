package io.omniroute.redis.conversation;

/**
 * What is told to whoever takes a conversation over.
 *
 * @param from who had it, when it was written
 * @param at when that was, in milliseconds since 1970
 * @param summary what it was about
 */
public record Handoff(String from, long at, String summary) {

    /** As it is kept. */
    String written() {
        return from + "\t" + at + "\n" + summary;
    }

    /** What is kept; what earlier versions have kept is as old as can be. */
    static Handoff read(String kept) {
        int end = kept.indexOf('\n');
        String head = kept.substring(0, end);
        int tab = head.indexOf('\t');
        return new Handoff(
                tab < 0 ? head : head.substring(0, tab),
                tab < 0 ? 0 : Long.parseLong(head.substring(tab + 1)),
                kept.substring(end + 1));
    }
}
