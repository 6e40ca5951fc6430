package io.omniroute.translators.format;

import io.omniroute.translators.model.Loss;
import io.omniroute.translators.model.Part;
import java.util.List;

/** Instructions that a provider takes only in another place than where they stand. */
public final class Instructions {

    private Instructions() {}

    /** The texts of an instruction as paragraphs; empty if there are none. What is no text, such as a change of the tools, is noted as lost. */
    public static String text(List<Part> parts, Losses losses) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Text piece) {
                text.append(text.isEmpty() ? "" : "\n\n").append(piece.text());
            } else {
                losses.add(Loss.Code.FIELD_DROPPED, "messages.content");
            }
        }
        return text.toString();
    }

    /** An instruction in the words of a turn of the user. */
    public static String inTurn(String text) {
        return "<system>\n" + text + "\n</system>";
    }
}
