/// A table of one-line cells that fits the width of a terminal.
public struct TextTable: Sendable {
    /// A column of a table.
    public struct Column: Sendable {
        /// On which side the cells of a column stand.
        public enum Alignment: Hashable, Sendable {
            case leading
            /// For numbers, so that their digits stand below each other.
            case trailing
        }

        /// The words above the column.
        public var title: TerminalText

        /// On which side its cells stand.
        public var alignment: Alignment

        /// Creates a column.
        public init(_ title: TerminalText, alignment: Alignment = .leading) {
            self.title = title
            self.alignment = alignment
        }
    }

    /// The cells between two columns.
    static let gap = 2

    /// The cells that a column keeps on any terminal: a few letters and the ellipsis.
    static let minimumColumnWidth = 4

    private let columns: [Column]
    private var rows: [[TerminalText]] = []

    /// Creates a table without rows.
    public init(columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row; cells that are missing are empty, and those beyond the last column are left out.
    public mutating func append(_ cells: [TerminalText]) {
        rows.append(columns.indices.map { $0 < cells.count ? cells[$0] : "" })
    }

    /// The lines of the table, the titles first, none wider than the terminal.
    ///
    /// - Parameter width: The columns of the terminal; nothing for a pipe, which gets all of it.
    /// - Returns: A line for the titles and one for each row.
    public func lines(width: Int?) -> [TerminalText] {
        let titles = columns.map { $0.title.bold }
        let widths = columnWidths(within: width)
        return ([titles] + rows).map { cells in
            let line = Self.line(of: cells, columns: columns, widths: widths)
            return width.map { line.truncated(to: $0) } ?? line
        }
    }

    /// The natural widths, with the widest columns narrowed until all fit.
    private func columnWidths(within width: Int?) -> [Int] {
        var widths = columns.indices.map { column in
            rows.reduce(columns[column].title.firstLineWidth) {
                max($0, $1[column].firstLineWidth)
            }
        }
        guard let width else { return widths }
        let gaps = Self.gap * max(0, columns.count - 1)
        var excess = widths.reduce(gaps, +) - width
        while excess > 0, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
            widths[widest] > Self.minimumColumnWidth
        {
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private static func line(
        of cells: [TerminalText],
        columns: [Column],
        widths: [Int]
    ) -> TerminalText {
        var line: TerminalText = ""
        for (index, cell) in cells.enumerated() {
            let shown = cell.truncated(to: widths[index])
            let padding = TerminalText(spaces: widths[index] - shown.width)
            let isLast = index == cells.count - 1
            switch columns[index].alignment {
            case .leading: line += isLast ? shown : shown + padding
            case .trailing: line += padding + shown
            }
            if !isLast {
                line += TerminalText(spaces: gap)
            }
        }
        return line
    }
}

extension TerminalText {
    /// Creates so many spaces.
    init(spaces count: Int) {
        self.init(clean: String(repeating: " ", count: max(0, count)))
    }

    /// The cells of the first line, and one more for the ellipsis that stands for further lines.
    fileprivate var firstLineWidth: Int {
        let lines = self.lines
        let first = lines.first?.reduce(0) { $0 + $1.width } ?? 0
        return lines.count > 1 ? first + 1 : first
    }
}
