import DocketCommandLine
import DocketTerminal
import Testing

@testable import DocketConsole

@Suite("What begins with a slash is a command and never said")
struct TypedLineTests {
    private let commands = ["/note", "/take"].map { name in
        PromptCommand(name, help: "") { _ in .leave }
    }

    /// What was read, in a form that can be compared.
    private func read(_ text: String) -> String {
        switch TypedLine(text, among: commands) {
        case .text(let text): "says " + text
        case .command(let command, let argument): "runs \(command.name) [\(argument)]"
        case .unknown(let name): "knows no \(name)"
        }
    }

    @Test("A command is called by its whole name, and its argument is trimmed")
    func calls() {
        #expect(read("/note  she is in a hurry ") == "runs /note [she is in a hurry]")
        #expect(read("/note") == "runs /note []")
        #expect(read("/note\tshe\nis") == "runs /note [she\nis]")
        #expect(read("/take\n") == "runs /take []")
        #expect(read("  /note a") == "runs /note [a]")
    }

    @Test(
        "Whatever else begins with a slash is refused, however the slash is hidden",
        arguments: [
            "/nots she is a pain", "/Note x", "/notes", "/", "/ x", " /nots", "\t/x", "\n/x",
            "\u{FEFF}/nots", "\u{200B}/x", "\u{A0}/x", "/\u{301}x", "/note\u{301} x",
            "/dev/sda1 is full",
        ]
    )
    func unknown(text: String) {
        #expect(read(text).unicodeScalars.starts(with: "knows no /".unicodeScalars), "\(text)")
    }

    @Test("Two slashes say a text that begins with one")
    func escaped() {
        #expect(read("//dev/sda1 is full") == "says /dev/sda1 is full")
        #expect(read("///") == "says //")
        #expect(read(" //note x") == "says /note x")
    }

    @Test("A whole text follows the same rule, though it can call nothing")
    func wholeTexts() throws {
        for text in ["a /note", "a\n/note b", "", "It is on its way\n"] {
            #expect(try WholeText(text).text == text)
        }
        #expect(try WholeText("//dev/sda1 is full").text == "/dev/sda1 is full")
        for text in ["/nots she is a pain", " /note b", "/", "\u{FEFF}/x", "/dev/sda1 is full"] {
            do throws(CommandFailure) {
                _ = try WholeText(text)
                Issue.record("\(text) would be sent")
            } catch {
                #expect(error.status == .usage)
                #expect(error.advice.contains("type it twice: //"))
            }
        }
    }

    @Test("Every other text is said as it is")
    func texts() {
        for text in ["a /note", "1/2", "", " ", "\\note", "(/note)", "a\n/note b"] {
            #expect(read(text) == "says \(text)")
        }
    }
}
