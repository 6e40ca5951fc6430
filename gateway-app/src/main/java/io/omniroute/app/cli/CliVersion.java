package io.omniroute.app.cli;

import picocli.CommandLine.IVersionProvider;

/** The version in the jar's manifest. */
final class CliVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Cli.class.getPackage().getImplementationVersion();
        return new String[] {"omniroute " + (version == null ? "development" : version)};
    }
}
