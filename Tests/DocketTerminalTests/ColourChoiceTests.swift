import Testing

@testable import DocketTerminal

@Suite("The choice of colours")
struct ColourChoiceTests {
    private static let cases:
        [(choice: ColourChoice, term: String?, noColour: String?, isTerminal: Bool, uses: Bool)] = [
            (.auto, "xterm", nil, true, true), (.auto, "xterm", nil, false, false),
            (.auto, "xterm", "1", true, false), (.auto, "xterm", "", true, true),
            (.auto, "dumb", nil, true, false), (.auto, nil, nil, true, false),
            (.always, "dumb", "1", false, true), (.never, "xterm", nil, true, false),
        ]

    @Test("An explicit choice decides; else the terminal and NO_COLOR do", arguments: cases)
    func decides(
        choice: ColourChoice,
        term: String?,
        noColour: String?,
        isTerminal: Bool,
        uses: Bool
    ) {
        let environment = TerminalEnvironment(term: term, noColour: noColour)
        #expect(choice.usesColours(in: environment, isTerminal: isTerminal) == uses)
    }
}
