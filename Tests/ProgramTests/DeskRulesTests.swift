import DocketClient
import DocketCommandLine
import DocketConsole
import DocketPolicy
import Testing

@testable import docket

@Suite("What a field is to hold is read as the policy's type of it")
struct DeskRulesTests {
    private static let document =
        PolicyDocument.defaultText + """

            fields:
              - {key: serial, name: Serial number, type: text, limit: 4}
              - {key: pages, name: Pages, type: integer, minimum: 0, maximum: 99}
              - {key: price, name: Price, type: decimal}
              - {key: warranty, name: Warranty, type: flag}
              - {key: bought, name: Bought, type: date}
              - {key: floor, name: Floor, type: choice, choices: [ground, first]}
              - {key: colours, name: Colours, type: choices, choices: [red, blue]}
            """

    private let rules: DeskRules

    init() throws {
        rules = DeskRules(try PolicyDocument.parse(Self.document))
    }

    private func value(_ text: String) throws -> FieldContent? {
        try rules.value(of: try #require(FieldArgument(argument: text)))
    }

    @Test("Each type takes its words")
    func types() throws {
        #expect(try value("serial=A-1") == .text("A-1"))
        #expect(try value("serial=a=b") == .text("a=b"))
        #expect(try value("pages=99") == .integer(99))
        #expect(try value("price=-1.50") == .text("-1.50"))
        #expect(try value("warranty=yes") == .flag(true))
        #expect(try value("warranty=FALSE") == .flag(false))
        #expect(try value("bought=2024-02-29") == .text("2024-02-29"))
        #expect(try value("floor=first") == .text("first"))
        #expect(try value("colours=blue,red") == .words(["blue", "red"]))
    }

    @Test("An empty value empties every type")
    func empty() throws {
        for key in ["serial", "pages", "price", "warranty", "bought", "floor", "colours"] {
            #expect(try value("\(key)=") == nil)
        }
    }

    @Test(
        "What the type does not allow is refused with what it does",
        arguments: [
            ("serial=12345", "1 to 4 bytes"), ("pages=100", "0 to 99"), ("pages=many", "0 to 99"),
            ("price=1,5", "a decimal number"), ("warranty=maybe", "true, false"),
            ("bought=2023-02-29", "a day as YYYY-MM-DD"), ("floor=cellar", "ground, first"),
            ("colours=red,green", "red, blue"), ("colours=red,red", "red, blue"),
            ("colours=,", "red, blue"),
        ]
    )
    func refused(text: String, allowed: String) throws {
        do {
            _ = try value(text)
            Issue.record("\(text) was taken")
        } catch let failure as CommandFailure {
            #expect(failure.status == .usage)
            #expect(failure.advice == "Allowed: \(allowed)")
        }
    }

    @Test("An unknown field is refused with those that there are")
    func unknown() throws {
        do {
            _ = try value("colour=red")
            Issue.record("an unknown field was taken")
        } catch let failure as CommandFailure {
            #expect(failure.advice.contains("colours"))
        }
    }

    @Test("What is no KEY=VALUE is no field", arguments: ["", "=", "=a", "serial"])
    func noField(text: String) {
        #expect(FieldArgument(argument: text) == nil)
    }

    @Test("The status that waits for time is the policy's, if it has one")
    func sleeping() throws {
        #expect(rules.sleepingStatus(kind: "ticket") == "snoozed")
        let omnidesk = try #require(PolicyDocument.presets.first { $0.name == "omnidesk" })
        let without = DeskRules(try PolicyDocument.parse(omnidesk.text))
        #expect(without.sleepingStatus(kind: "chat") == nil)
    }
}
