package io.omniroute.config;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/** Which addresses are not of the internet. */
public final class Addresses {

    private static final int UNIQUE_LOCAL = 0xfc;
    private static final int UNIQUE_LOCAL_BITS = 0xfe;

    private Addresses() {}

    /**
     * Whether an address is one of this machine or of a private network: loopback, link-local (where clouds have their metadata), RFC 1918,
     * RFC 4193, shared (RFC 6598), unspecified or multicast.
     */
    public static boolean isPrivate(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isAnyLocalAddress()
                || address.isMulticastAddress()
                || isUniqueLocal(address)
                || isShared(address);
    }

    private static boolean isUniqueLocal(InetAddress address) {
        return address instanceof Inet6Address && (address.getAddress()[0] & UNIQUE_LOCAL_BITS) == UNIQUE_LOCAL;
    }

    /** 100.64.0.0/10, and 0.0.0.0/8. */
    private static boolean isShared(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address && (bytes[0] == 0 || (bytes[0] == 100 && (bytes[1] & 0xc0) == 0x40));
    }
}
