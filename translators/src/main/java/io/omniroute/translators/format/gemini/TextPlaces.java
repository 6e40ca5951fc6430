package io.omniroute.translators.format.gemini;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Places in a text that may grow, counted in characters, in code points and in bytes of UTF-8, and found by any of the three without walking
 * from the text's beginning: a provider may name as many places as it likes. A place that would be inside of a character is the one behind
 * it; half of a character has the one byte of the question mark that it is written as. Not thread-safe.
 */
final class TextPlaces {

    /** How many characters are walked at most, but for one, to find a place. */
    private static final int STEP = 256;

    /** How much stands before a place. */
    record Place(int characters, int points, int bytes) {}

    private final CharSequence text;
    /** Places that are known, one for every step, as far as somebody has asked. */
    private final List<Place> known = new ArrayList<>(List.of(new Place(0, 0, 0)));

    TextPlaces(CharSequence text) {
        this.text = text;
    }

    /** The first place with as many characters before it, or the end. */
    Place ofCharacters(long characters) {
        return find(Place::characters, characters);
    }

    /** The place behind so many code points, or the end. */
    Place ofPoints(long points) {
        return find(Place::points, points);
    }

    /** The first place with as many bytes before it, or the end. */
    Place ofBytes(long bytes) {
        return find(Place::bytes, bytes);
    }

    private Place find(ToIntFunction<Place> count, long wanted) {
        Place last = known.getLast();
        // not to the very end, where the second half of a character may still be missing
        while (count.applyAsInt(last) < wanted && last.characters() + STEP < text.length()) {
            last = walk(last, Place::characters, last.characters() + STEP);
            known.add(last);
        }
        return walk(lastKnown(count, wanted), count, wanted);
    }

    private Place lastKnown(ToIntFunction<Place> count, long wanted) {
        int from = 0;
        int to = known.size() - 1;
        while (from < to) {
            int middle = (from + to + 1) >>> 1;
            if (count.applyAsInt(known.get(middle)) <= wanted) {
                from = middle;
            } else {
                to = middle - 1;
            }
        }
        return known.get(from);
    }

    private Place walk(Place from, ToIntFunction<Place> count, long wanted) {
        Place place = from;
        while (count.applyAsInt(place) < wanted && place.characters() < text.length()) {
            int point = Character.codePointAt(text, place.characters());
            place = new Place(
                    place.characters() + Character.charCount(point), place.points() + 1, place.bytes() + bytes(point));
        }
        return place;
    }

    private static int bytes(int point) {
        boolean half = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
        return point < 0x80 || half ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    }
}
