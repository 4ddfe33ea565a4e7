import Testing

@Suite("Imports follow the arrows of the house")
struct ImportRuleTests {
    private let rule = ImportRule([
        Room("Cellar", to: [], []),
        Room("CPipes", to: [], [], isHandedOn: false),
        Room("Kitchen", to: ["Cellar", "CPipes"], ["Stove"]),
        Room("Hall", to: ["Kitchen"], []),
        Room("Gate", to: ["Hall"], [], isWall: true),
        Room("Garden", to: ["Gate"], []),
        Room("Street", to: ["Garden"], []),
    ])

    private func file(_ folder: String, _ text: String) -> TextFile {
        TextFile(path: "Sources/\(folder)/Sample.swift", text: text)
    }

    @Test("The repository's imports are all drawn")
    func repository() throws {
        try expectEveryFileKeeps(ImportRule(house).forbidden)
    }

    @Test("The repository's imports say who may see them")
    func repositoryAccess() throws {
        try expectEveryFileKeeps(ImportRule(house).bare)
    }

    @Test("Every arrow leads to a room of the house")
    func complete() {
        let names = Set(house.map(\.name))
        #expect(names.count == house.count)
        for room in house { #expect(names.isSuperset(of: room.arrows), "\(room.name)") }
    }

    @Test("An arrow includes what lies behind it")
    func behind() {
        #expect(rule.forbidden(in: file("Hall", "internal import Cellar\n")) == [])
    }

    @Test(
        "An import that is not drawn is found, however it is written",
        arguments: [
            "internal import Hall", "@testable import Hall", "package import struct Hall.Door",
            "@_exported public import Hall", "    import Hall.Door",
        ]
    )
    func undrawn(line: String) {
        let findings = rule.forbidden(in: file("Kitchen", "internal import Stove\n\(line)\n"))
        #expect(findings.map(\.line) == [2])
    }

    @Test("Libraries are not handed on along an arrow")
    func libraries() {
        #expect(rule.forbidden(in: file("Hall", "internal import Stove\n")).count == 1)
    }

    @Test("A C library stays behind those who draw an arrow to it")
    func cLibrary() {
        #expect(rule.forbidden(in: file("Kitchen", "internal import CPipes\n")) == [])
        #expect(rule.forbidden(in: file("Hall", "internal import CPipes\n")).count == 1)
    }

    @Test(
        "What lies behind a wall is not reached along an arrow to it",
        arguments: ["Hall", "Cellar"]
    )
    func wall(module: String) {
        #expect(rule.forbidden(in: file("Gate", "internal import \(module)\n")) == [])
        #expect(rule.forbidden(in: file("Garden", "internal import Gate\n")) == [])
        for outside in ["Garden", "Street"] {
            let findings = rule.forbidden(in: file(outside, "internal import \(module)\n"))
            #expect(findings.count == 1, "\(outside)")
        }
    }

    @Test("Who works at the desk sees nothing of the wire")
    func clients() {
        let rule = ImportRule(house)
        for room in ["docket", "DocketConsole"] {
            for module in ["DocketMessages", "DocketCalls", "DocketRPC", "DocketTransport"] {
                let findings = rule.forbidden(in: file(room, "internal import \(module)\n"))
                #expect(findings.count == 1, "\(room) may import \(module)")
            }
        }
    }

    @Test("No type of the wire stands in what the client library makes public")
    func repositoryExports() throws {
        try expectEveryFileKeeps(rule.exported)
    }

    @Test("An import for everybody is found in the client library, and nowhere else")
    func exports() {
        let text =
            "package import Kitchen\n@_exported public import Cellar\npublic import Logging\n"
        let library = TextFile(path: "ClientSDK/Sources/Sample.swift", text: text)
        #expect(rule.exported(in: library).map(\.line) == [2])
        #expect(rule.exported(in: file("Hall", text)) == [])
    }

    @Test("Code in no room is found")
    func homeless() {
        #expect(rule.forbidden(in: file("Shed", "let tool = 1\n")).map(\.line) == [1])
    }

    @Test("An import without an access level is found, in code and not in text")
    func access() {
        let sample = file("Hall", "// import A\nimport Kitchen\nlet text = \"import B\"\n")
        #expect(rule.bare(in: sample).map(\.line) == [2])
        #expect(rule.bare(in: file("Hall", "private import Kitchen\n")) == [])
    }
}
