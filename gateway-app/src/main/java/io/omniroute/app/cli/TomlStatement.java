package io.omniroute.app.cli;

import java.util.List;

/**
 * A statement of a TOML file, and where it is.
 *
 * @param isValue whether it gives a value; else it is the header of a table or of one in a list of tables
 * @param path of the value or the table, from the root of the file
 * @param keyStart where it begins
 * @param nameStart where the last part of its key begins
 * @param valueStart where the value begins; of a header, where it ends
 * @param valueEnd where the value ends, before blanks and comments
 */
record TomlStatement(boolean isValue, List<String> path, int keyStart, int nameStart, int valueStart, int valueEnd) {

    boolean isBelow(List<String> table) {
        return path.size() > table.size() && path.subList(0, table.size()).equals(table);
    }
}
