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

        /// How long a column stays where the terminal becomes too narrow for all of them.
        public enum Importance: Int, Comparable, Sendable {
            /// Left out first.
            case detail
            case useful
            /// Left out only where its shortest form does not fit.
            case main
            /// What has to be typed to name the row: never left out.
            case key

            /// Whether one is dropped before another.
            public static func < (left: Importance, right: Importance) -> Bool {
                left.rawValue < right.rawValue
            }
        }

        /// The words above the column.
        public var title: TerminalText

        /// On which side its cells stand.
        public var alignment: Alignment

        /// Whether its cells are never shortened: ids, numbers and moments, of which a part is
        /// nothing, and words that have to be typed.
        public var isWhole: Bool

        /// How long it stays.
        public var importance: Importance

        /// Creates a column; one of numbers is never shortened.
        public init(
            _ title: TerminalText,
            alignment: Alignment = .leading,
            isWhole: Bool = false,
            importance: Importance = .main
        ) {
            self.title = title
            self.alignment = alignment
            self.isWhole = isWhole || alignment == .trailing
            self.importance = importance
        }
    }

    /// The cells between two columns.
    static let gap = 2

    /// The cells that a column of text keeps on any terminal: a few letters and the ellipsis.
    static let minimumColumnWidth = 4

    /// The cells below which a column of text tells little: less important ones give way first.
    static let readableColumnWidth = 10

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

    /// The lines of the table, the titles first.
    ///
    /// None is wider than the terminal, except where what has to be typed needs more.
    ///
    /// - Parameter width: The columns of the terminal; nothing for a pipe, which gets all of it.
    /// - Returns: A line for the titles and one for each row.
    public func lines(width: Int?) -> [TerminalText] {
        let titles = columns.map { $0.title.bold }
        let natural = columns.indices.map { column in
            rows.reduce(columns[column].title.firstLineWidth) {
                max($0, $1[column].firstLineWidth)
            }
        }
        let shown = width.map { shownColumns(natural, within: $0) } ?? Array(columns.indices)
        let widths = width.map { self.widths(of: shown, natural, within: $0) } ?? natural
        return ([titles] + rows).map { cells in
            Self.line(
                of: shown.map { cells[$0] },
                columns: shown.map { columns[$0] },
                widths: shown.map { widths[$0] }
            )
        }
    }

    /// The columns that are left, the rightmost of the least important ones given up first.
    private func shownColumns(_ natural: [Int], within width: Int) -> [Int] {
        var shown = Array(columns.indices)
        while true {
            let least = shown.map { columns[$0].importance }.min() ?? .key
            let text = least < .main ? Self.readableColumnWidth : Self.minimumColumnWidth
            let needed = shown.reduce(Self.gap * max(0, shown.count - 1)) {
                $0 + (columns[$1].isWhole ? natural[$1] : min(natural[$1], text))
            }
            guard needed > width, least < .key, shown.count > 1,
                let last = shown.last(where: { columns[$0].importance == least })
            else { return shown }
            shown.removeAll { $0 == last }
        }
    }

    /// The natural widths, with the widest columns of text narrowed until all fit.
    private func widths(of shown: [Int], _ natural: [Int], within width: Int) -> [Int] {
        var widths = natural
        let gaps = Self.gap * max(0, shown.count - 1)
        var excess = shown.reduce(gaps) { $0 + natural[$1] } - width
        let texts = shown.filter { !columns[$0].isWhole }
        while excess > 0, let widest = texts.max(by: { widths[$0] < widths[$1] }),
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
