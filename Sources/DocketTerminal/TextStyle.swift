/// How a span of text looks.
///
/// This is the only way to style what a terminal shows: text itself never carries escape codes, so
/// that text from outside cannot style anything. Colour must never be the only bearer of a meaning,
/// since a person may not see it and `NO_COLOR` removes it; emphasis stays.
public struct TextStyle: Hashable, Sendable {
    /// The weight of a span, from least to most noticeable.
    public enum Emphasis: Hashable, Sendable, CaseIterable {
        case dim
        case regular
        case bold
        case reversed
    }

    /// The colours every terminal has and every theme keeps readable.
    public enum Colour: Hashable, Sendable, CaseIterable {
        case red
        case green
        case yellow
        case blue
        case magenta
        case cyan
    }

    /// Text as the terminal shows it by itself.
    public static let plain = TextStyle()

    /// The weight of the span.
    public var emphasis: Emphasis

    /// The colour of the span; without one, the terminal's own.
    public var colour: Colour?

    /// Creates a style; without arguments it is plain.
    public init(emphasis: Emphasis = .regular, colour: Colour? = nil) {
        self.emphasis = emphasis
        self.colour = colour
    }

    /// The parameters of the SGR sequence (ECMA-48, 8.3.117) for this style; empty when plain.
    func parameters(colours: Bool) -> [String] {
        let shade = colours ? colour?.parameter : nil
        return [emphasis.parameter, shade].compactMap { $0 }
    }
}

extension TextStyle.Emphasis {
    fileprivate var parameter: String? {
        switch self {
        case .dim: "2"
        case .regular: nil
        case .bold: "1"
        case .reversed: "7"
        }
    }
}

extension TextStyle.Colour {
    fileprivate var parameter: String {
        switch self {
        case .red: "31"
        case .green: "32"
        case .yellow: "33"
        case .blue: "34"
        case .magenta: "35"
        case .cyan: "36"
        }
    }
}
