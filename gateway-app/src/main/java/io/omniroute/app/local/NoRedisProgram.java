package io.omniroute.app.local;

import java.io.IOException;

/** No program of a Redis server runs on this system. */
final class NoRedisProgram extends IOException {

    private static final long serialVersionUID = 1;

    NoRedisProgram(String why) {
        super(why);
    }
}
