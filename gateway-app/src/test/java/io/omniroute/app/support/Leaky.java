package io.omniroute.app.support;

import io.netty.buffer.PooledByteBufAllocator;

/** Leaks a Netty buffer and prints what the detector says; run as a process of its own. */
public final class Leaky {

    private Leaky() {}

    public static void main(String[] arguments) {
        NettyLeaks.record();
        leak();
        String found = "";
        for (int round = 0; round < 50 && found.isEmpty(); round++) {
            found = NettyLeaks.find();
        }
        System.out.println("found: " + found);
    }

    private static void leak() {
        PooledByteBufAllocator.DEFAULT.buffer(16).writeByte(1);
    }
}
