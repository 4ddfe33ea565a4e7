/// The size of a terminal in cells.
public struct TerminalSize: Hashable, Sendable {
    /// The narrowest layout.
    ///
    /// A terminal with less shows the beginnings of rows.
    static let minimumColumns = 10

    /// The widest layout: no screen is wider, and a false report of thousands stays cheap.
    static let maximumColumns = 1000

    /// The tallest screen that is believed, for the same reason.
    static let maximumRows = 1000

    /// Cells of a row.
    public let columns: Int

    /// Rows of the screen.
    public let rows: Int

    /// Creates a size; each number is brought into the range that layouts work with.
    public init(columns: Int, rows: Int) {
        self.columns = min(max(columns, Self.minimumColumns), Self.maximumColumns)
        self.rows = min(max(rows, 1), Self.maximumRows)
    }

    /// What is assumed where a terminal does not tell: the screen of the VT100.
    public static let usual = TerminalSize(columns: 80, rows: 24)
}
