internal import DocketCommandLine
internal import DocketTerminal

/// How many rows came to what.
struct Tally: Equatable, Sendable {
    /// Requests that were opened.
    var opened = 0
    /// Requests that were there before.
    var known = 0
    /// Rows that are no good, or that the server refused.
    var refused = 0
    /// Rows at which the server fails again and again.
    var unsettled = 0

    /// All rows that have come to something.
    var rows: Int { opened + known + refused + unsettled }

    /// How the program ends.
    var status: ExitStatus {
        if unsettled > 0 { return .unconfirmed }
        guard refused > 0 else { return .done }
        return opened + known > 0 ? .partlyDone : .refused
    }

    /// The sum of it, for a person.
    ///
    /// - Parameter isCheck: Whether nothing was to be pushed.
    /// - Returns: The line.
    func summary(isCheck: Bool) -> TerminalText {
        let count = rows == 1 ? "1 row" : "\(Self.grouped(rows)) rows"
        if isCheck {
            return "\(count): \(Self.grouped(opened)) can be pushed, "
                + "\(Self.grouped(refused)) cannot"
        }
        var text: TerminalText = "\(count): \(Self.grouped(opened)) opened, "
        text += "\(Self.grouped(known)) there before, \(Self.grouped(refused)) refused"
        if unsettled > 0 { text += ", \(Self.grouped(unsettled)) without a verdict" }
        return text
    }

    /// A number with a comma before every three digits.
    static func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        return digits.indices.reduce(into: "") { text, index in
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digits[index])
        }
    }
}
