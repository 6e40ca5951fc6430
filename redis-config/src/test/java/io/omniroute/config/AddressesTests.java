package io.omniroute.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not of the internet, whoever manages accounts must not reach through the gateway. */
class AddressesTests {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,true",
        "127.8.8.8,true",
        "::1,true",
        "169.254.169.254,true",
        "fe80::1,true",
        "10.0.0.1,true",
        "172.16.0.1,true",
        "172.31.255.255,true",
        "192.168.1.1,true",
        "fc00::1,true",
        "fd12:3456::1,true",
        "100.64.0.1,true",
        "100.127.255.255,true",
        "::ffff:10.0.0.1,true",
        "0.0.0.0,true",
        "0.1.2.3,true",
        "::,true",
        "224.0.0.1,true",
        "ff02::1,true",
        "8.8.8.8,false",
        "172.32.0.1,false",
        "100.128.0.1,false",
        "100.63.255.255,false",
        "2606:4700::1,false"
    })
    void areOfThisMachineOrAPrivateNetwork(String address, boolean isPrivate) throws UnknownHostException {
        assertThat(Addresses.isPrivate(InetAddress.getByName(address))).isEqualTo(isPrivate);
    }
}
