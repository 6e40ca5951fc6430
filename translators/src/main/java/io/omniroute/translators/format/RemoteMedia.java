package io.omniroute.translators.format;

import io.omniroute.translators.error.ApiError;
import io.omniroute.translators.error.ApiException;
import io.omniroute.translators.error.ErrorKind;
import io.omniroute.translators.error.ErrorScope;
import io.omniroute.translators.model.Media;
import java.util.Locale;
import java.util.regex.Pattern;

/** Pictures, films and documents of which a request has only the address: not every provider fetches them, and the gateway does not. */
public final class RemoteMedia {

    /** What such providers refuse, among the facts. */
    private static final String FACT = "remote_media";

    private static final Pattern YOUTUBE = Pattern.compile("https?://(?:www\\.|m\\.)?(?:youtube\\.com|youtu\\.be)/.*");

    private RemoteMedia() {}

    /**
     * The address, for a provider that fetches what is there.
     *
     * @param own whether the request came in the provider's own format, so that what it says is between the two
     * @throws io.omniroute.translators.error.ApiException INVALID_REQUEST if it is known not to
     */
    public static String address(Media.Remote media, TargetProfile target, boolean own, String path) {
        if (!own && target.unsupported().contains(FACT) && !isFilm(media)) {
            throw notFetched(path);
        }
        return media.url();
    }

    /** The refusal of an address; another target may fetch what is there. */
    public static ApiException notFetched(String path) {
        return new ApiError(
                        ErrorKind.INVALID_REQUEST,
                        "unsupported_media_source",
                        "'" + path
                                + "' has the address of a file, which this provider does not fetch; send the file's content",
                        path,
                        null,
                        ErrorScope.MODEL)
                .exception();
    }

    /** Whether it is a film that Google knows by its address. */
    public static boolean isFilm(Media.Remote media) {
        return YOUTUBE.matcher(media.url().toLowerCase(Locale.ROOT)).matches();
    }
}
